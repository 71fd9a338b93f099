import { createHash } from 'node:crypto';

import { isMobError, type MobError } from '@mobkit/core';

import type { BigQueryClient } from '../client/bigquery-client.js';
import { storeError } from '../client/errors.js';
import { awaitJob, startJob, statusOf } from '../client/jobs.js';
import type { TableName } from '../client/names.js';
import { type QueryParameter, text } from '../client/parameters.js';
import { prepareTable, type TableShape } from '../client/prepare-table.js';
import { executeAtOnce, query } from '../client/query.js';
import { decodeDays } from './days.js';
import { emptyHead, type EventHead, type FenceRange, withoutExpired } from './event-head.js';

const SHAPE: TableShape = {
  columns: {
    first_seq: { type: 'INTEGER', required: true },
    last_seq: { type: 'INTEGER', required: true },
    days: { type: 'STRING', required: true },
    fences: { type: 'STRING', required: true },
    fence: { type: 'INTEGER', required: true },
    owner: { type: 'STRING' },
    lease_until_ms: { type: 'INTEGER', required: true },
  },
};

/** A job that makes the row may fail, and its id is then used up: so many are begun at a time, whatever failed before. */
const MAX_JOBS = 5;

/** Two statements that change a table at the same moment: the server lets one of them fail, which changed nothing. */
const MAX_UPDATES = 5;

/** A table of one row, which changes whole and only as somebody expected it to be. */
export class HeadTable {
  readonly #client: BigQueryClient;
  readonly #table: TableName;
  readonly #retentionDays: number | undefined;
  readonly #readOnly: boolean;

  constructor(
    client: BigQueryClient,
    table: TableName,
    given: { readonly retentionDays?: number | undefined; readonly readOnly?: boolean } = {},
  ) {
    this.#client = client;
    this.#table = table;
    this.#retentionDays = given.retentionDays;
    this.#readOnly = given.readOnly ?? false;
  }

  /** Makes the table and its row, once however many processes do so at a time. */
  async prepare(): Promise<void> {
    const madeAt = await prepareTable(this.#client, this.#table, SHAPE);
    const doing = `begin ${this.#table.table}`;
    const sql =
      `INSERT INTO ${this.#table.sql} (first_seq, last_seq, days, fences, fence, lease_until_ms) ` +
      `VALUES (1, 0, '[]', '[]', 0, 0)`;
    // A job of one id runs once. A table that is removed and made again has jobs of its own.
    const id = createHash('sha256').update(`${this.#table.sql} ${madeAt}`).digest('hex').slice(0, 40);
    if (await this.#find()) return;
    const configuration = { query: { query: sql, useLegacySql: false } };
    for (let attempt = 1, begun = 0; ; attempt++) {
      const job = await startJob(this.#client, doing, `mobkit_begin_${id}_${attempt}`, configuration);
      try {
        await awaitJob(this.#client, doing, job);
        return;
      } catch (error) {
        // Another is begun only when this one is known to have failed: two would make two rows.
        if (!isMobError(error) || !hasFailed(error)) throw error;
        if (job.existed) continue;
        begun++;
        if (!error.retryable || begun === MAX_JOBS) throw error;
        await this.#client.pause(doing, 50 * 2 ** begun);
      }
    }
  }

  async read(): Promise<EventHead> {
    const head = this.#readOnly ? await this.#findIfMade() : await this.#find();
    if (head) return withoutExpired(head, head.nowMs, this.#retentionDays);
    // Nobody has put any events yet.
    if (this.#readOnly) return emptyHead(this.#client.clock.now());
    const message = `${this.#table.sql} has no row; remove the table, and it is made again`;
    throw storeError({ doing: 'find where events are', reason: 'notFound', message });
  }

  /** Changes the row if the conditions hold; answers whether they did. */
  async change(
    doing: string,
    changes: Readonly<Record<string, Change>>,
    where: string,
    parameters: Readonly<Record<string, QueryParameter>>,
  ): Promise<boolean> {
    const set = Object.entries(changes).map(([column, change]) => {
      return `${column} = ${typeof change === 'string' ? change : `@set_${column}`}`;
    });
    const given = Object.entries(changes).flatMap(([column, change]) =>
      typeof change === 'string' ? [] : [[`set_${column}`, change]],
    );
    const sql = `UPDATE ${this.#table.sql} SET ${set.join(', ')} WHERE ${where}`;
    const all = { ...parameters, ...Object.fromEntries(given) };
    for (let attempt = 1; ; attempt++) {
      try {
        return (await executeAtOnce(this.#client, sql, { doing, parameters: all, unlimited: true })) === 1;
      } catch (error) {
        if (!isOvertaken(error) || attempt === MAX_UPDATES) throw error;
        await this.#client.pause(doing, 50 * 2 ** attempt);
      }
    }
  }

  async #findIfMade(): Promise<EventHead | undefined> {
    try {
      return await this.#find();
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw error;
    }
  }

  async #find(): Promise<EventHead | undefined> {
    const doing = 'find where events are';
    const sql =
      'SELECT first_seq, last_seq, days, fences, fence, owner, lease_until_ms, ' +
      `${SERVER_NOW} AS now_ms FROM ${this.#table.sql} LIMIT 2`;
    const [row, other] = await query(this.#client, sql, { doing, unlimited: true });
    if (!row) return undefined;
    if (other)
      throw storeError({ doing, reason: 'invalid', message: `${this.#table.sql} has more than one row` });
    const number = (column: string) => Number(row[column]);
    return {
      firstSeq: number('first_seq'),
      lastSeq: number('last_seq'),
      days: decodeDays(row['days'] ?? '[]'),
      fences: decodeFences(row['fences'] ?? '[]'),
      fence: number('fence'),
      ...(row['owner'] && { owner: row['owner'] }),
      leaseUntilMs: number('lease_until_ms'),
      nowMs: number('now_ms'),
    };
  }
}

function hasFailed({ details }: MobError): boolean {
  return details['job_id'] !== undefined && details['server_reason'] !== undefined;
}

/** The same request again would be answered the same: it is another that has to be made. */
function isOvertaken(error: unknown): boolean {
  return isMobError(error, 'MOB_STORE_REFUSED') && /concurrent update/i.test(error.message);
}

/** A value, or an expression over the row that is there. */
export type Change = QueryParameter | string;

/** Clocks of machines differ; all ask this one. */
export const SERVER_NOW = 'UNIX_MILLIS(CURRENT_TIMESTAMP())';

export function encodeFences(fences: readonly FenceRange[]): QueryParameter {
  return text(JSON.stringify(fences.map(({ fence, firstSeq }) => [fence, firstSeq])));
}

function decodeFences(encoded: string): FenceRange[] {
  const fences = JSON.parse(encoded) as [number, number][];
  return fences.map(([fence, firstSeq]) => ({ fence, firstSeq }));
}
