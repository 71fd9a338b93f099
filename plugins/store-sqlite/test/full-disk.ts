// Runs on a small disk. Forks an owner that fills it, makes room for it, kills it, goes on in its place; says what came
// of each step.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { isMobError } from '@mobkit/core';
import { openSqliteStores, type SqliteStores } from '@mobkit/store-sqlite';
import Database from 'libsql';

import { storeError } from '../src/errors.js';
import { event } from './event.js';

/** What came of a step. */
export interface DiskReport {
  readonly step: string;
  /** Appended in this step: each is acknowledged. */
  readonly acknowledged: number;
  readonly error?: object;
  /** What the log holds after it. */
  readonly seqs: readonly number[];
  readonly lastSeq: number;
  readonly integrity?: unknown;
}

const DIRECTORY = 'state';
const FILLERS = ['first.filler', 'second.filler'] as const;
const LAST_FILLER = 'last.filler';
const FILLER_BYTES = 768 * 1024;
/** Distinct over all processes of a run. */
const name = () => `${process.pid}-${Math.random()}`;

async function fill(
  { eventLog }: SqliteStores,
  atMost = Infinity,
): Promise<Pick<DiskReport, 'acknowledged' | 'error'>> {
  for (let acknowledged = 0; ;) {
    if (acknowledged >= atMost) return { acknowledged };
    const batch = [1, 2, 3, 4].map(() => ({ ...event(name()), runId: 'r'.repeat(400) }));
    try {
      await eventLog.appendBatch(batch);
      acknowledged += batch.length;
    } catch (error) {
      return { acknowledged, error: plain(error) };
    }
  }
}

function plain(error: unknown): object {
  if (!isMobError(error)) throw error;
  const { code, retryable, details, message } = error;
  return { code, retryable, details, message };
}

async function tell(step: string, stores: SqliteStores, what: Partial<DiskReport>): Promise<void> {
  const { events, lastSeq } = await stores.eventLog.query({ afterSeq: 0, limit: 100_000 });
  const report: DiskReport = { acknowledged: 0, ...what, step, seqs: events.map(({ seq }) => seq), lastSeq };
  await new Promise((sent) => process.send?.(report, sent));
}

async function own(): Promise<void> {
  const stores = await openSqliteStores({ directory: DIRECTORY });
  await tell('full', stores, await fill(stores));
  await tell('still full', stores, await fill(stores));
  rmSync(FILLERS[0]);
  await tell('room was made', stores, await fill(stores, 16));
  await tell('full again', stores, await fill(stores));
  // Killed here.
  await once(process, 'message');
}

/** What a batch has no room for, smaller files may have. */
function fillToTheBrim(): void {
  try {
    for (;;) appendFileSync(LAST_FILLER, new Uint8Array(4_096));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  }
}

async function watch(): Promise<void> {
  for (const filler of FILLERS) writeFileSync(filler, new Uint8Array(FILLER_BYTES));
  const owner = fork(fileURLToPath(import.meta.url), ['own'], { execArgv: process.execArgv });
  owner.on('message', (report: DiskReport) => {
    process.send?.(report);
    if (report.step === 'full again') owner.kill('SIGKILL');
  });
  await once(owner, 'exit');
  const stores = await openSqliteStores({ directory: DIRECTORY });
  const database = new Database(`${DIRECTORY}/mobkit.sqlite3`);
  const integrity = database.prepare('pragma integrity_check').all([]);
  database.close();
  await tell('killed', stores, { ...(await fill(stores)), integrity });
  fillToTheBrim();
  // What SQLite says when a quota is used up, and of its own files when they find no room.
  const ioError = Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_WRITE', rawCode: 778 });
  await tell('I/O error', stores, { error: plain(storeError('write', DIRECTORY, ioError)) });
  for (const filler of [FILLERS[1], LAST_FILLER]) rmSync(filler);
  await tell('room again', stores, await fill(stores, 16));
  await stores.close();
  process.disconnect();
}

await (process.argv[2] === 'own' ? own() : watch());
