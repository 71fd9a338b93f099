import type { JsonObject } from '@mobkit/core';

import type { SessionsCommand } from '../cli/command.js';
import { jsonLine, terminalLine } from '../cli/terminal-text.js';
import { expectServer, type ServerClient } from '../server/server-client.js';

/** A row as the server gives it. */
interface WireRow {
  readonly session_id: string;
  readonly updated_at_ms: number;
  readonly deleted: boolean;
  readonly payload: JsonObject | null;
}

/** Prints what the session store of the running mob has. 1 when it has nothing of the session that was asked for. */
export async function sessions(command: SessionsCommand): Promise<number> {
  const server = await expectServer(command.state);
  const rows = command.action === 'list' ? listed(server, command.all) : history(server, command.sessionId);
  let printed = 0;
  for await (const row of rows) {
    console.log(command.json ? jsonLine(row) : rowLine(row));
    printed += 1;
  }
  if (printed > 0 || command.action === 'list') return 0;
  console.error(`The session store has no session "${terminalLine(command.sessionId)}"`);
  return 1;
}

async function* listed(server: ServerClient, all: boolean): AsyncGenerator<WireRow> {
  for (let after: string | undefined, more = true; more;) {
    const page = await server.call<{ readonly sessions: readonly WireRow[]; readonly has_more: boolean }>(
      'mobkit/sessions/list',
      { all, ...(after !== undefined && { after_session_id: after }) },
    );
    yield* page.sessions;
    after = page.sessions.at(-1)?.session_id;
    more = page.has_more && after !== undefined;
  }
}

async function* history(server: ServerClient, sessionId: string): AsyncGenerator<WireRow> {
  for (let after: string | null | undefined; after !== null;) {
    const page: { readonly rows: readonly WireRow[]; readonly next: string | null } = await server.call(
      'mobkit/sessions/history',
      { session_id: sessionId, ...(after !== undefined && { after }) },
    );
    yield* page.rows;
    after = page.next;
  }
}

/** On one line: when (UTC), which session, whose, and how much was done in it. */
function rowLine({ session_id: id, updated_at_ms: updatedAtMs, deleted, payload }: WireRow): string {
  const { identity, role, runs, messages, input_tokens: read, output_tokens: written } = payload ?? {};
  const whose = identity === undefined ? 'of somebody else' : `${text(identity)} (${text(role)})`;
  const done = runs === undefined ? '' : `, ${text(runs)} runs, ${text(messages)} messages`;
  const tokens = read === undefined ? '' : `, ${text(read)} + ${text(written)} tokens`;
  const line = `${new Date(updatedAtMs).toISOString()} ${id} ${whose}${done}${tokens}${deleted ? ', archived' : ''}`;
  return terminalLine(line, 400);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
