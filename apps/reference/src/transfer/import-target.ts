import {
  checkEntry,
  checkRecord,
  type LogDefinition,
  MobError,
  type NewEntry,
  type NewRecord,
  type OrderedLog,
  type RecordsDefinition,
  type Storage,
} from '@mobkit/core';

import { type TransferCounts, type TransferLine, toEntry, toRecord } from './format.js';
import { IMPORT_KEY, type ImportMark, importsDefinition } from './import-mark.js';

type LineOf<Type extends TransferLine['type']> = Extract<TransferLine, { readonly type: Type }>;

const BATCH = 256;

/** About what a batch may hold, in characters of data. */
const BATCH_LENGTH = 4 * 1024 * 1024;

/** Stands for a moment where a log has numbers but no entries any more. */
const PLACEHOLDER: NewEntry = { id: 'mobkit-import', timestampMs: 0, data: '{}' };

interface OpenLog {
  readonly kind: 'log';
  readonly definition: LogDefinition;
  readonly log: OrderedLog;
  readonly given: LineOf<'log'>;
  /** What was there when this import came to it. */
  readonly keptSeq: number;
  /** The last that was taken. */
  seq: number;
  readonly batch: NewEntry[];
}

interface OpenRecords {
  readonly kind: 'records';
  readonly definition: RecordsDefinition;
  readonly batch: { readonly key: string; readonly record: NewRecord }[];
}

/** A storage that is filled from an export: takes the lines after the header, writes whole batches. */
export class ImportTarget {
  /** Whether everything of this export is there already. */
  readonly complete: boolean;
  readonly #storage: Storage;
  readonly #id: string;
  #open: OpenLog | OpenRecords | undefined;
  #length = 0;
  #entries = 0;
  #records = 0;

  private constructor(storage: Storage, id: string, complete: boolean) {
    this.#storage = storage;
    this.#id = id;
    this.complete = complete;
  }

  /** @throws MobError `MOB_CONFLICT` when the storage holds anything that is not of this export. */
  static async open(storage: Storage, id: string): Promise<ImportTarget> {
    await storage.prepare([importsDefinition]);
    const imports = storage.records(importsDefinition);
    const kept = await imports.get(IMPORT_KEY);
    const mark = kept && (JSON.parse(kept.data) as ImportMark);
    if (mark?.id !== id) {
      const holds = mark ? ['an import of another export'] : await whatItHolds(storage);
      if (holds.length > 0) throw holdsSomethingElse(holds);
      await imports.put(IMPORT_KEY, markOf(id, false), { expectedVersion: 0 });
    }
    return new ImportTarget(storage, id, mark?.id === id && mark.done);
  }

  get counts(): TransferCounts {
    return { entries: this.#entries, records: this.#records };
  }

  async take(line: Exclude<TransferLine, { readonly type: 'mobkit_export' }>): Promise<void> {
    switch (line.type) {
      case 'log':
        await this.#finish();
        this.#open = await this.#openLog(line);
        return;
      case 'records':
        await this.#finish();
        this.#open = await this.#openRecords(line);
        return;
      case 'entry':
        return this.#takeEntry(line);
      case 'record':
        return this.#takeRecord(line);
      case 'end':
        await this.#finish();
        return this.#end(line);
    }
  }

  async #openLog(given: LineOf<'log'>): Promise<OpenLog> {
    const definition: LogDefinition = { kind: 'log', name: given.name, fields: given.fields };
    if (given.first_seq > given.last_seq + 1) throw wrong('first_seq is beyond last_seq');
    await this.#storage.prepare([definition]);
    const log = this.#storage.log(definition, given.partition);
    const { lastSeq } = await log.bounds();
    return { kind: 'log', definition, log, given, keptSeq: lastSeq, seq: given.first_seq - 1, batch: [] };
  }

  async #openRecords({ name, fields }: LineOf<'records'>): Promise<OpenRecords> {
    const definition: RecordsDefinition = { kind: 'records', name, fields };
    if (name === importsDefinition.name) throw wrong(`"${name}" is not for an export to hold`);
    await this.#storage.prepare([definition]);
    return { kind: 'records', definition, batch: [] };
  }

  async #takeEntry(line: LineOf<'entry'>): Promise<void> {
    const open = this.#open;
    if (open?.kind !== 'log') throw wrong('an entry stands under no log');
    if (line.seq !== open.seq + 1) throw wrong(`seq is ${line.seq} where ${open.seq + 1} comes next`);
    open.seq = line.seq;
    this.#entries += 1;
    if (line.seq <= open.keptSeq) return;
    const entry = toEntry(line);
    checkEntry(open.definition, entry);
    open.batch.push(entry);
    if (this.#isFull(open.batch.length, line.data)) await this.#writeEntries(open);
  }

  async #takeRecord(line: LineOf<'record'>): Promise<void> {
    const open = this.#open;
    if (open?.kind !== 'records') throw wrong('a record stands under no records');
    this.#records += 1;
    const { key } = line;
    const record = toRecord(line);
    checkRecord(open.definition, key, record);
    open.batch.push({ key, record });
    if (this.#isFull(open.batch.length, line.data)) await this.#writeRecords(open);
  }

  #isFull(batched: number, data: string): boolean {
    this.#length += data.length;
    return batched >= BATCH || this.#length >= BATCH_LENGTH;
  }

  async #finish(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    if (open?.kind === 'records') return this.#writeRecords(open);
    if (!open) return;
    const { log, given, keptSeq, seq } = open;
    if (seq !== given.last_seq)
      throw wrong(`"${given.name}" ends at ${seq} where it should at ${given.last_seq}`);
    await this.#writeEntries(open);
    const nothingKept = given.first_seq > given.last_seq;
    if (nothingKept && keptSeq === 0) await log.append([PLACEHOLDER], { firstSeq: given.last_seq });
    if (nothingKept) await log.prune({ keep: 0 });
  }

  async #writeEntries({ log, given, seq, batch }: OpenLog): Promise<void> {
    if (batch.length === 0) return;
    const before = seq - batch.length;
    const first = before + 1 === given.first_seq;
    const { lastSeq } = await log.append(
      batch,
      first ? { firstSeq: given.first_seq } : { expectedLastSeq: before },
    );
    if (lastSeq !== seq) throw wrong(`an id comes twice in "${given.name}", before seq ${seq}`);
    batch.length = 0;
    this.#length = 0;
  }

  async #writeRecords({ definition, batch }: OpenRecords): Promise<void> {
    // A put is not refused: until the import is done, whatever is under these keys is of its earlier run.
    const puts = batch.map(({ key, record }) => ({ records: definition, key, record }));
    if (puts.length > 0) await this.#storage.commit({ puts });
    batch.length = 0;
    this.#length = 0;
  }

  async #end({ entries, records }: LineOf<'end'>): Promise<void> {
    if (entries !== this.#entries || records !== this.#records) {
      throw wrong(
        `the export says that it holds ${entries} entries and ${records} records, but ${this.#entries} and ${this.#records} came`,
      );
    }
    await this.#storage.records(importsDefinition).put(IMPORT_KEY, markOf(this.#id, true));
  }
}

/** What a storage holds, for people; empty when it is new. */
async function whatItHolds(storage: Storage): Promise<readonly string[]> {
  const { logs, records } = await storage.contents();
  const filled = logs
    .filter(({ partitions }) => partitions.length > 0)
    .map(({ definition }) => definition.name);
  await storage.prepare(records);
  for (const definition of records) {
    const { records: some } = await storage.records(definition).list({ limit: 1 });
    if (some.length > 0) filled.push(definition.name);
  }
  return filled;
}

function holdsSomethingElse(holds: readonly string[]): MobError {
  const message = `The store holds something else (${holds.join(', ')}): import into one that is new`;
  return new MobError('MOB_CONFLICT', message, { details: { holds } });
}

function markOf(id: string, done: boolean): NewRecord {
  return { data: JSON.stringify({ id, done } satisfies ImportMark) };
}

function wrong(what: string): MobError {
  return new MobError('mobkit/import', what);
}
