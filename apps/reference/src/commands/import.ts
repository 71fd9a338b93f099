import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';

import { MobError } from '@mobkit/core';
import { openSqliteStores, ownDirectory } from '@mobkit/store-sqlite';

import type { Command } from '../cli/command.js';
import { findStore, type KeptStores, openPostgres } from '../server/kept-state.js';
import { prepareStateDirectory } from '../state-directory.js';
import type { StoreAddress } from '../store/store-address.js';
import { importLines } from '../transfer/import-lines.js';
import { readLines } from '../transfer/read-lines.js';

/** Fills a new store from an export; goes on with one that was cut short. No server may own the state directory. */
export async function importStore(command: Extract<Command, { name: 'import' }>): Promise<number> {
  const directory = resolve(command.state);
  const named = await findStore(command.store);
  const chunks = command.file === '-' ? process.stdin : readFile(resolve(command.file));
  const warning = prepareStateDirectory(directory);
  if (warning !== undefined) console.error(warning);
  const { storage, close } = await openOwned(directory, named);
  try {
    const { entries, records, already } = await importLines(readLines(chunks), storage);
    const where = named?.shown ?? directory;
    console.error(
      already
        ? `This export is in ${where} already; nothing was done.`
        : `Imported ${entries} entries of logs and ${records} records into ${where}.`,
    );
    return 0;
  } finally {
    await close();
  }
}

async function openOwned(
  directory: string,
  named: StoreAddress | undefined,
): Promise<Pick<KeptStores, 'close' | 'storage'>> {
  if (!named) return openSqliteStores({ directory });
  const leave = ownDirectory(directory);
  try {
    const { storage, close } = await openPostgres(named);
    return { storage, close: () => close().finally(leave) };
  } catch (error) {
    leave();
    throw error;
  }
}

async function* readFile(file: string): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* createReadStream(file, { highWaterMark: 256 * 1024 }) as AsyncIterable<Uint8Array>;
  } catch (cause) {
    throw new MobError('mobkit/import', `Cannot read ${file}`, { cause, details: { file } });
  }
}
