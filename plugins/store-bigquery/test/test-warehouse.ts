import { type Clock, systemClock } from '@mobkit/core';

import { BigQueryClient } from '../src/client/bigquery-client.js';
import type { BigQueryOptions } from '../src/client/options.js';
import { execute, query } from '../src/client/query.js';
import { EventTables } from '../src/events/event-tables.js';
import type { WriteMode } from '../src/events/options.js';
import { datasetName } from './remove-datasets.js';

/** A statement as the local server saw it. */
export interface SeenStatement {
  readonly sql: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly dryRun: boolean;
  readonly partitions?: readonly string[] | 'all';
}

const endpoint = () => process.env['MOBKIT_TEST_BIGQUERY_ENDPOINT'] ?? '';

/** A dataset that nobody else uses, in the warehouse that the tests were started with. */
export function testDataset(known?: BigQueryOptions) {
  const dataset = known?.dataset ?? datasetName();
  const apiEndpoint = endpoint();
  const options: BigQueryOptions =
    known ??
    (apiEndpoint
      ? { projectId: 'mobkit-test', dataset, apiEndpoint, allowedHosts: ['127.0.0.1', 'localhost'] }
      : { projectId: process.env['MOBKIT_TEST_BIGQUERY_PROJECT'] ?? '', dataset });
  const control = async (method: string, path: string, body?: object): Promise<unknown> => {
    const answer = await fetch(`${apiEndpoint}/_local/${path}?dataset=${dataset}`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  };
  const withClient = async <T>(run: (client: BigQueryClient) => Promise<T>): Promise<T> => {
    const client = await BigQueryClient.open(options, systemClock);
    try {
      return await run(client);
    } finally {
      await client.close();
    }
  };
  return {
    options,
    /** What goes wrong from now on, in this dataset; nothing when it is empty. */
    faults: (switches: object) => control('POST', 'faults', switches),
    async statements(): Promise<readonly SeenStatement[]> {
      return ((await control('GET', 'statements')) as { statements: SeenStatement[] }).statements;
    },
    forgetStatements: () => control('POST', 'statements/clear', {}),
    /** Makes everything that was streamed what statements may change. */
    release: () => control('POST', 'release', {}),
    /** Rows of a table, those that do not count too. */
    async countRows(sql: string): Promise<number> {
      const [row] = await withClient((client) =>
        query(client, `SELECT COUNT(*) AS n FROM ${sql}`, { doing: 'count' }),
      );
      return Number(row?.['n']);
    },
    /** As if everything had been written so much earlier. */
    async age(sql: string, ms: number): Promise<void> {
      await control('POST', 'release', {});
      await withClient((client) =>
        execute(client, `UPDATE ${sql} SET written_ms = written_ms - ${ms} WHERE TRUE`, { doing: 'age' }),
      );
    },
    /** Runs a statement that changes rows. */
    change: (sql: string) => withClient((client) => execute(client, sql, { doing: 'change' })),
    async tables(
      given: { table: string; mode?: WriteMode; retentionDays?: number },
      clock: Clock = systemClock,
    ) {
      const client = await BigQueryClient.open(options, clock);
      const tables = new EventTables(client, {
        mode: 'auto',
        retentionDays: undefined,
        readOnly: false,
        ...given,
      });
      await tables.prepare();
      return tables;
    },
  };
}
