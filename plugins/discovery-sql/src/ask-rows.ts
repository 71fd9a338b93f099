import type { Pool, PoolClient } from 'pg';

import { databaseError } from './database-error.js';
import { takeClient, unlessAborted } from './take-client.js';

export interface Question {
  readonly pool: Pool;
  /** Somebody's own query. */
  readonly text: string;
  /** What it is for, said in errors. */
  readonly what: string;
  readonly timeoutMs: number;
  readonly maxRows: number;
  /** Ends it too. */
  readonly closed: AbortSignal;
}

/** After the limit of the server, for one that does not answer at all. */
const GRACE_MS = 2_000;

/**
 * The rows of a query, one more than may be at most. It is asked as a cursor in a transaction that can only read, so that it is one
 * query and nothing else, and no more rows than that are fetched.
 *
 * @throws MobError `MOB_DISCOVERY_UNAVAILABLE`; the reason of `signal`.
 */
export async function askRows(question: Question, signal: AbortSignal): Promise<readonly unknown[]> {
  const { pool, closed, what } = question;
  const given = AbortSignal.any([signal, closed]);
  given.throwIfAborted();
  let client: PoolClient | undefined;
  try {
    client = await takeClient(pool, given);
    const rows = await unlessAborted(read(client, question), given);
    client.release();
    return rows;
  } catch (cause) {
    // The transaction ends with the connection, and the server leaves a query that nobody waits for at its limit.
    client?.release(true);
    given.throwIfAborted();
    throw databaseError(`ask for ${what}`, cause);
  }
}

async function read(client: PoolClient, { text, timeoutMs, maxRows }: Question): Promise<readonly unknown[]> {
  const ask = (query: { readonly text: string; readonly queryMode?: 'extended' }) =>
    client.query({ ...query, query_timeout: timeoutMs + GRACE_MS } as { text: string });
  await ask({ text: `begin read only; set local statement_timeout = ${timeoutMs}` });
  // `extended` takes one statement only.
  await ask({ text: `declare mobkit_answer no scroll cursor for ${text}`, queryMode: 'extended' });
  const { rows } = await ask({ text: `fetch ${maxRows + 1} from mobkit_answer` });
  await ask({ text: 'rollback' });
  return rows as readonly unknown[];
}
