import { createWriteStream, existsSync, readdirSync } from 'node:fs';
import { link, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { MobError } from '@mobkit/core';

import type { Command } from '../cli/command.js';
import { readKeptState } from '../server/kept-state.js';
import { findServer } from '../server/server-client.js';
import { exportLines } from '../transfer/export-lines.js';
import type { TransferCounts } from '../transfer/format.js';

/** Writes everything the store holds to a file, or to standard output. A server may run meanwhile. */
export async function exportStore(command: Extract<Command, { name: 'export' }>): Promise<number> {
  const { file, state } = command;
  if (file !== undefined && existsSync(file)) throw taken(file);
  if (await findServer(state)) {
    console.error('A server runs: each log is exported as of one moment, records page by page as of theirs.');
  }
  const waiting = spoolFiles(state);
  if (waiting.length > 0) {
    console.error(
      `Events that were spilled while the store was down wait in ${join(state, 'spool')} and are not in this export: let a server write them first.`,
    );
  }
  const { entries, records } = await readKeptState(command, async ({ storage }) => {
    const counted = { entries: 0, records: 0 };
    const lines = Readable.from(counting(exportLines(storage), counted), {
      objectMode: true,
      highWaterMark: 1,
    });
    await (file === undefined
      ? pipeline(lines, process.stdout, { end: false })
      : writeWhole(lines, resolve(file)));
    return counted;
  });
  console.error(`Exported ${entries} entries of logs and ${records} records.`);
  return 0;
}

async function* counting(
  lines: AsyncGenerator<string, TransferCounts, undefined>,
  counted: { entries: number; records: number },
): AsyncGenerator<string, void, undefined> {
  Object.assign(counted, yield* lines);
}

function spoolFiles(state: string): readonly string[] {
  const directory = join(state, 'spool');
  return existsSync(directory) ? readdirSync(directory).filter((name) => name.endsWith('.spool')) : [];
}

/** Under its name only when it is whole. For its owner alone: everything that was said is in it. */
async function writeWhole(lines: Readable, file: string): Promise<void> {
  const draft = `${file}.${process.pid}.part`;
  try {
    await pipeline(lines, createWriteStream(draft, { flags: 'wx', mode: 0o600, flush: true }));
    // Unlike a rename it takes nobody's place.
    await link(draft, file);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') throw taken(file);
    if (cause instanceof Error && 'syscall' in cause) {
      throw new MobError('mobkit/export', `Cannot write ${file}`, { cause, details: { file } });
    }
    throw cause;
  } finally {
    await rm(draft, { force: true });
  }
}

function taken(file: string): MobError {
  return new MobError('mobkit/export', `${file} is there already: name another file`, { details: { file } });
}
