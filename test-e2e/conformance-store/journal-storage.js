import {
  checkClaim,
  checkCommit,
  checkDefinition,
  checkPrune,
  checkQuery,
  checkText,
  limitOf,
  MobError,
} from '@mobkit/core';

import { Journal } from './journal.js';
import { LogPartition } from './log-partition.js';
import { RecordTable } from './record-table.js';

/**
 * A `Storage` of one process that keeps everything in memory, and each commit as one line of a file, so that it is there
 * whole after a crash or not at all.
 *
 * @implements {Storage}
 * @typedef {import('@mobkit/core').Storage} Storage
 * @typedef {import('@mobkit/core').Definition} Definition
 * @typedef {import('@mobkit/core').LogDefinition} LogDefinition
 * @typedef {import('@mobkit/core').RecordsDefinition} RecordsDefinition
 */
export class JournalStorage {
  supports = /** @type {const} */ ({ durable: true, processes: 'one', cursor: 'strict' });
  /** @type {Map<string, Definition>} */
  #kept = new Map();
  /** @type {Set<string>} */
  #prepared = new Set();
  /** @type {Map<string, LogPartition>} by name and partition, as JSON */
  #logs = new Map();
  /** @type {Map<string, RecordTable>} by name */
  #tables = new Map();
  /** One for all keys, so that none gets an old one again. */
  #lastVersion = 0;
  #journal;
  #closed = false;

  /** @param {string} path of the journal */
  constructor(path) {
    this.#journal = new Journal(path, (line) => this.#apply(line));
  }

  /** @type {Storage['prepare']} */
  async prepare(definitions) {
    this.#expectOpen();
    definitions.forEach(checkDefinition);
    for (const { kind, name, fields } of definitions) {
      const known = this.#kept.get(name);
      const clash = Object.entries(fields).some(([field, type]) => (known?.fields[field] ?? type) !== type);
      if (known && (clash || known.kind !== kind)) {
        throw new MobError('MOB_CONFIG_INVALID', `"${name}" is kept as ${known.kind} with other fields`);
      }
      this.#write({ definition: { kind, name, fields: { ...known?.fields, ...fields } } });
      this.#prepared.add(`${kind} ${name}`);
    }
  }

  /** @type {Storage['log']} */
  log(definition, partition = '') {
    checkText('A partition', partition);
    this.#expectPrepared(definition);
    const at = () => (this.#expectOpen(), this.#log(definition.name, partition));
    return {
      append: async (entries, options) => {
        const written = await this.commit({ appends: [{ ...options, log: definition, partition, entries }] });
        return /** @type {import('@mobkit/core').Appended} */ (written.appended[0]);
      },
      read: async (query) => (checkQuery(definition, query), limitOf(query), at().read(query)),
      bounds: async () => at().bounds,
      prune: async (bounds) => {
        checkPrune(bounds);
        const count = at().prunable(bounds);
        if (count > 0) this.#write({ prune: { name: definition.name, partition, count } });
        return count;
      },
      onAppend: (wake) => at().onAppend(wake),
    };
  }

  /** @type {Storage['records']} */
  records(definition) {
    this.#expectPrepared(definition);
    const at = () => (this.#expectOpen(), this.#table(definition.name));
    return {
      get: async (key) => (checkText('A key', key), at().get(key)),
      list: async (query) => (checkQuery(definition, query), at().list(query)),
      put: async (key, record, options) => {
        const { versions } = await this.commit({ puts: [{ ...options, records: definition, key, record }] });
        return versions[0] ?? 0;
      },
      delete: async (key, options) => {
        const { deleted } = await this.commit({ deletes: [{ ...options, records: definition, key }] });
        return deleted[0] ?? false;
      },
      claimDue: async (claim) => {
        checkClaim(claim);
        const { records, ...next } = at().due(claim.limit, Date.now());
        const lease = { owner: claim.owner, untilMs: Date.now() + claim.leaseMs };
        const claimed = records.map((one) => ({ ...one, version: ++this.#lastVersion, lease }));
        if (claimed.length > 0) this.#write({ puts: claimed.map((record) => [definition.name, record]) });
        return { records: claimed, ...next };
      },
    };
  }

  /** @type {Storage['contents']} */
  async contents() {
    this.#expectOpen();
    const names = [...this.#kept.keys()].toSorted();
    const kept = names.flatMap((name) => this.#kept.get(name) ?? []);
    const partitions = [...this.#logs]
      .filter(([, log]) => log.bounds.lastSeq > 0)
      .map(([at]) => JSON.parse(at));
    return {
      logs: kept.filter(isLog).map((definition) => ({
        definition,
        partitions: partitions
          .flatMap(([name, partition]) => (name === definition.name ? [partition] : []))
          .toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other))),
      })),
      records: kept.filter((one) => one.kind === 'records'),
    };
  }

  /** @type {Storage['commit']} */
  async commit(write) {
    checkCommit(write);
    this.#expectOpen();
    const { puts = [], deletes = [], appends = [] } = write;
    for (const { records } of [...puts, ...deletes]) this.#expectPrepared(records);
    for (const { log } of appends) this.#expectPrepared(log);
    // What would be done, all of it, before anything is.
    for (const { records, key, expectedVersion } of [...puts, ...deletes]) {
      this.#table(records.name).expect(key, expectedVersion);
    }
    const plans = appends.map((one) => this.#log(one.log.name, one.partition ?? '').plan(one.entries, one));
    const records = puts.map(({ key, record: { fields = {}, ...record } }) => {
      return { ...record, key, fields: { ...fields }, version: ++this.#lastVersion };
    });
    const deleted = deletes.map(({ records: { name }, key }) => this.#table(name).get(key) !== undefined);
    this.#write({
      puts: records.map((record, at) => [puts[at]?.records.name, record]),
      deletes: deletes.map((one) => [one.records.name, one.key]),
      appends: plans.map(({ fresh }, at) => [appends[at]?.log.name, appends[at]?.partition ?? '', fresh]),
    });
    return {
      versions: records.map(({ version }) => version),
      deleted,
      appended: plans.map(({ appended }) => appended),
    };
  }

  close() {
    this.#closed = true;
    this.#journal.close();
    for (const log of this.#logs.values()) log.wakeAll();
  }

  /** @param {object} line */
  #write(line) {
    this.#journal.write({ ...line, lastVersion: this.#lastVersion });
    this.#apply(line);
  }

  /** Does what a line of the journal says. @param {any} line */
  #apply({ definition, puts = [], deletes = [], appends = [], prune, lastVersion = this.#lastVersion }) {
    this.#lastVersion = lastVersion;
    if (definition) this.#kept.set(definition.name, definition);
    for (const [name, record] of puts) this.#table(name).set(record);
    for (const [name, key] of deletes) this.#table(name).delete(key);
    for (const [name, partition, entries] of appends) this.#log(name, partition).add(entries);
    if (prune) this.#log(prune.name, prune.partition).removeOldest(prune.count);
  }

  /** @param {string} name @param {string} partition */
  #log(name, partition) {
    const at = JSON.stringify([name, partition]);
    const log = this.#logs.get(at) ?? new LogPartition();
    this.#logs.set(at, log);
    return log;
  }

  /** @param {string} name */
  #table(name) {
    const table = this.#tables.get(name) ?? new RecordTable();
    this.#tables.set(name, table);
    return table;
  }

  /** @param {Definition} definition */
  #expectPrepared({ kind, name }) {
    this.#expectOpen();
    if (!this.#prepared.has(`${kind} ${name}`)) throw new TypeError(`"${name}" is not prepared`);
  }

  #expectOpen() {
    if (this.#closed) throw new TypeError('The store is closed');
  }
}

/** @param {Definition} definition @returns {definition is LogDefinition} */
function isLog(definition) {
  return definition.kind === 'log';
}
