import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { type SessionRow, sessionRowFromJson, sessionRowToJson } from '@mobkit/core';

import { errnoOf, fileError, notReadable } from './errors.js';

const VERSION = 1;

/** A row and the text that no other row has. */
export interface FileRow {
  readonly row: SessionRow;
  readonly text: string;
}

export function toFileRow(row: SessionRow): FileRow {
  const text = JSON.stringify(sessionRowToJson(row));
  return { row: sessionRowFromJson(JSON.parse(text)), text };
}

/** Makes the directories of a file, with 0700 where this makes them. */
export async function makeDirectories(path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  } catch (error) {
    throw fileError('created', path, error);
  }
}

/**
 * The rows of a file in the order they were appended; none when there is no file. Takes no lock: a file is replaced whole.
 *
 * @throws MobError `MOB_STORE_REFUSED` for what is no session file of this release, and for what may not be read.
 */
export async function readRows(path: string): Promise<FileRow[]> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw fileError('read', path, error);
  }
  let json: unknown;
  try {
    // What is no UTF-8 is not read as something like it: it would be written so the next time.
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    throw notReadable(path, 'is not JSON', error);
  }
  const rows = rowsOf(path, json);
  return rows.map((row, at) => {
    try {
      return toFileRow(sessionRowFromJson(row));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw notReadable(path, `has as row ${at + 1} what is none (${why})`, error);
    }
  });
}

/** A bare array is what others write who keep sessions so. */
function rowsOf(path: string, json: unknown): readonly unknown[] {
  if (Array.isArray(json)) return json;
  const { version, rows } = (json ?? {}) as { readonly version?: unknown; readonly rows?: unknown };
  if (typeof version === 'number' && version > VERSION) {
    throw notReadable(
      path,
      `is of version ${version}, of a newer release, and this one knows up to ${VERSION}`,
    );
  }
  if (version !== VERSION || !Array.isArray(rows)) throw notReadable(path, 'holds no session rows');
  return rows;
}

/** A row on each line. */
export function fileText(rows: readonly FileRow[]): string {
  const lines = rows.map(({ text }) => text).join(',\n');
  return `{"version":${VERSION},"rows":[\n${lines}${lines && '\n'}]}\n`;
}

/** Replaces a file whole, and on the disk when it resolves: whoever reads has the one before or this one. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncDirectory(dirname(path));
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw fileError('written', path, error);
  }
}

/** Removes what writers left that were killed. Only whoever holds the lock may: nobody else is writing then. */
export async function removeLeftovers(path: string): Promise<void> {
  const prefix = `${basename(path)}.`;
  for (const name of await readdir(dirname(path))) {
    if (!name.startsWith(prefix) || !/^[\w-]{36}\.tmp$/.test(name.slice(prefix.length))) continue;
    await unlink(join(dirname(path), name)).catch(() => {});
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
