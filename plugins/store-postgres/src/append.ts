import { type Appended, type AppendWrite, MobError } from '@mobkit/core';
import { CompiledQuery } from 'kysely';

import { appendFunctionNames, fieldsInOrder } from './append-function.js';
import { bigintArray, textArray } from './binary-array.js';
import type { Db } from './connection.js';

/** Far above any batch, and below what the server can take as one parameter. */
const MAX_BYTES = 256 * 1024 * 1024;

/** A call of one of a log's functions, for `pg`. */
export interface AppendCall {
  readonly text: string;
  readonly values: unknown[];
}

/** An append with its entries made ready to send, in as many ways as it may have to be sent. */
export class EncodedAppend {
  readonly write: AppendWrite;
  readonly #schema: string;
  readonly #arrays: readonly Buffer[];

  /** @throws MobError `MOB_STORE_REFUSED` when the entries are too many bytes for one append. */
  constructor(schema: string, write: AppendWrite) {
    this.#schema = schema;
    this.write = write;
    this.#arrays = encode(write);
  }

  /** Whether `plain` may be tried: nothing is asked of the log before it. */
  get isPlain(): boolean {
    const { entries, expectedLastSeq, firstSeq } = this.write;
    return entries.length > 0 && expectedLastSeq === undefined && firstSeq === undefined;
  }

  /** Fails whole when an entry is kept already, or unless the append that is named `after` went before it. */
  plain(token: string, after?: string): AppendCall {
    const { log, partition = '' } = this.write;
    const { plain } = appendFunctionNames(log.name, log.fields);
    return this.#call('_last', plain, [partition, after ?? null, token]);
  }

  ofPlain(row: readonly unknown[]): Appended {
    return { stored: this.write.entries.length, duplicates: [], lastSeq: Number(row[0]) };
  }

  /** Leaves out what is kept already. */
  merging(): AppendCall {
    const { log, partition = '', expectedLastSeq = null, firstSeq = null } = this.write;
    const { merging } = appendFunctionNames(log.name, log.fields);
    return this.#call('_stored, _duplicates, _last', merging, [partition, expectedLastSeq, firstSeq]);
  }

  ofMerging([stored, duplicates, last]: readonly unknown[]): Appended {
    return { stored: Number(stored), duplicates: duplicates as readonly string[], lastSeq: Number(last) };
  }

  #call(results: string, name: string, first: readonly unknown[]): AppendCall {
    const values = [...first, ...this.#arrays];
    const parameters = values.map((_, at) => `$${at + 1}`).join(', ');
    // The names have been checked.
    return { text: `select ${results} from "${this.#schema}"."${name}"(${parameters})`, values };
  }
}

/** Appends within a transaction. */
export async function append(db: Db, schema: string, write: AppendWrite): Promise<Appended> {
  const encoded = new EncodedAppend(schema, write);
  const { text, values } = encoded.merging();
  const { rows } = await db.executeQuery<Record<string, unknown>>(CompiledQuery.raw(text, values));
  return encoded.ofMerging(Object.values(rows[0]!));
}

function encode({ log, entries }: AppendWrite): readonly Buffer[] {
  const arrays = [
    textArray(entries.map((entry) => entry.id)),
    bigintArray(entries.map((entry) => entry.timestampMs)),
    textArray(entries.map((entry) => entry.data)),
    ...fieldsInOrder(log.fields).map(([field, type]) =>
      type === 'text'
        ? textArray(entries.map(({ fields }) => fields?.[field] as string | undefined))
        : bigintArray(entries.map(({ fields }) => fields?.[field] as number | undefined)),
    ),
  ];
  const bytes = arrays.reduce((sum, array) => sum + array.length, 0);
  if (bytes <= MAX_BYTES) return arrays;
  throw new MobError(
    'MOB_STORE_REFUSED',
    `Postgres takes at most ${MAX_BYTES} bytes in one append to "${log.name}", not ${bytes}`,
    { details: { reason: 'data' } },
  );
}
