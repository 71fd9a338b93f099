import { ManualClock } from '@mobkit/contract-kit';
import type { Clock, SessionRow } from '@mobkit/core';
import { onTestFinished } from 'vitest';

import type { BigQueryOptions } from '../src/client/options.js';
import { AppendOrder } from '../src/sessions/append-order.js';
import { BigQuerySessionStore } from '../src/sessions/bigquery-session-store.js';
import { type Scripted, scriptedServer } from './scripted-server.js';

/** 2027-01-15, 08:00. */
export const NOW_MS = 1_800_000_000_000;

/** Sessions of a table `sessions` over a server that answers as it is told. */
export async function scriptedSessions(
  answers: readonly Scripted[],
  given: Partial<BigQueryOptions> = {},
  clock: Clock = new ManualClock(NOW_MS),
) {
  const server = await scriptedServer(answers);
  const client = await server.client(given, clock);
  const table = client.table('sessions');
  const sessions = new BigQuerySessionStore({ client, table, order: new AppendOrder(clock) });
  /** What was sent as the body of each request. */
  const bodies = () => server.received.map(({ body }) => JSON.parse(body === '' ? '{}' : body) as unknown);
  return { ...server, client, sessions, bodies };
}

/** An answer to a query, whose columns are those that are read. */
export function found(...rows: readonly (readonly (string | null)[])[]): Scripted {
  const names = ['session_id', 'updated_at_ms', 'deleted', 'payload', 'labels_json', 'row_id', 'appended_us'];
  const fields = names.map((name) => ({ name, type: 'STRING' }));
  const cells = rows.map((values) => ({ f: values.map((v) => ({ v })) }));
  return { json: { jobComplete: true, schema: { fields }, rows: cells, totalRows: String(rows.length) } };
}

export function row(sessionId: string, updatedAtMs = 5, given: Partial<SessionRow> = {}): SessionRow {
  return { sessionId, updatedAtMs, deleted: false, payload: null, labels: {}, ...given };
}

/** A job that was begun, and its end. */
export function statementDone(end: object): readonly Scripted[] {
  return [
    { json: { jobReference: { projectId: 'p', jobId: 'j' } } },
    { json: { jobComplete: true, jobReference: { projectId: 'p', jobId: 'j' }, ...end } },
  ];
}

/** Closes it at the end of the test. */
export function closedAtEnd<T extends { close(): Promise<void> }>(opened: T): T {
  onTestFinished(() => opened.close());
  return opened;
}
