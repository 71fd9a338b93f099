import { type Claimed, isMobError, type LogQuery, MobError, type NewEntry, type Storage } from '@mobkit/core';

import { withLogs, withRecords, withStorage } from './break-storage.js';

/** A storage broken in one way, and the one chapter that is to notice. */
export interface StorageFault {
  readonly chapter: string;
  readonly break: (storage: Storage) => Storage;
}

export const storageFaults: Readonly<Record<string, StorageFault>> = {
  'says that it is not durable': {
    chapter: 'supports',
    break: (storage) => withStorage(storage, { supports: { ...storage.supports, durable: false } }),
  },
  'answers an append of nothing with 0': {
    chapter: 'entries',
    break: (storage) =>
      withLogs(storage, (log) => ({
        append: async (entries, options) => {
          const appended = await log.append(entries, options);
          return entries.length === 0 ? { ...appended, lastSeq: 0 } : appended;
        },
      })),
  },
  'stores an id twice that comes twice in a batch': {
    chapter: 'repeats',
    break: (storage) =>
      withLogs(storage, (log) => ({
        append: (entries, options) => log.append(withoutTwins(entries), options),
      })),
  },
  'compares expectedLastSeq before it leaves duplicates out': {
    chapter: 'repeats',
    break: (storage) =>
      withLogs(storage, (log) => ({
        append: async (entries, options = {}) => {
          const { lastSeq } = await log.bounds();
          if ((options.expectedLastSeq ?? lastSeq) !== lastSeq)
            throw new MobError('MOB_CONFLICT', 'not the last');
          return log.append(entries, options);
        },
      })),
  },
  'ignores expectedLastSeq': {
    chapter: 'expectations',
    break: (storage) =>
      withLogs(storage, (log) => ({
        append: (entries, { firstSeq } = {}) =>
          log.append(entries, firstSeq === undefined ? {} : { firstSeq }),
      })),
  },
  'says that a log ends where a page does': {
    chapter: 'reading',
    break: (storage) =>
      withLogs(storage, (log) => ({
        read: async (query) => {
          const page = await log.read(query);
          return { ...page, lastSeq: page.entries.at(-1)?.seq ?? page.lastSeq };
        },
      })),
  },
  'takes an empty list of values for any value': {
    chapter: 'filters',
    break: (storage) =>
      withLogs(storage, (log) => ({
        read: ({ where = {}, ...query }) => {
          const some = Object.entries(where).filter(
            ([, values]) => !Array.isArray(values) || values.length > 0,
          );
          return log.read({ ...query, where: Object.fromEntries(some) });
        },
      })),
  },
  'moves the cursor by a read with limit 0': {
    chapter: 'limits',
    break: (storage) =>
      withLogs(storage, (log) => ({
        read: async (query) => {
          const page = await log.read(query);
          return query.limit === 0 ? { ...page, scannedTo: page.lastSeq } : page;
        },
      })),
  },
  'cuts data at a million characters': {
    chapter: 'sizes',
    break: (storage) =>
      changingEntries(storage, (entry) => ({ ...entry, data: entry.data.slice(0, 1_000_000) })),
  },
  'normalises text': {
    chapter: 'hostile',
    break: (storage) => changingEntries(storage, (entry) => ({ ...entry, id: entry.id.normalize('NFC') })),
  },
  'loses NUL in data': {
    chapter: 'hostile',
    break: (storage) =>
      changingEntries(storage, (entry) => ({ ...entry, data: entry.data.replaceAll('\\u0000', '') })),
  },
  'rounds large integers': {
    chapter: 'hostile',
    break: (storage) =>
      withLogs(storage, (log) => ({
        read: async (query) => {
          const page = await log.read(query);
          const rounded = (value: unknown) => (typeof value === 'number' ? Math.fround(value) : value);
          const entries = page.entries.map((entry) => {
            const fields = Object.entries(entry.fields).map(([field, value]) => [field, rounded(value)]);
            return { ...entry, fields: Object.fromEntries(fields) };
          });
          return { ...page, entries };
        },
      })),
  },
  'answers a contradictory query with nothing': {
    chapter: 'arguments',
    break: (storage) =>
      withLogs(storage, (log) => ({
        read: ({ sinceMs = -Infinity, ...query }) => {
          if ((query.untilMs ?? Infinity) < sinceMs) return log.read({ ...query, limit: 0 });
          return log.read({ ...query, ...(sinceMs !== -Infinity && { sinceMs }) });
        },
      })),
  },
  'stops at the first entry past the time asked for': {
    chapter: 'clock',
    break: (storage) =>
      withLogs(storage, (log) => ({
        read: async (query) => {
          const page = await log.read(query);
          if (query.untilMs === undefined || query.sinceMs === undefined) return page;
          const { entries } = await log.read({ afterSeq: 0, sinceMs: query.untilMs, limit: 1 });
          const end = entries[0]?.seq ?? Infinity;
          return { ...page, entries: page.entries.filter(({ seq }) => seq < end) };
        },
      })),
  },
  'does not say what was pruned': {
    chapter: 'retention',
    break: (storage) =>
      withLogs(storage, (log) => ({ read: async (query) => ({ ...(await log.read(query)), firstSeq: 1 }) })),
  },
  'wakes nobody by a commit': { chapter: 'wakes', break: quietCommits },
  'keeps the fields of the record before': {
    chapter: 'records',
    break: (storage) =>
      withRecords(storage, (records) => ({
        put: async (key, record, options) => {
          const before = await records.get(key);
          return records.put(key, { ...record, fields: { ...before?.fields, ...record.fields } }, options);
        },
      })),
  },
  'orders keys by UTF-16 units': {
    chapter: 'records',
    break: (storage) =>
      withRecords(storage, (records) => ({
        list: async ({ afterKey, limit = 256, ...query }) => {
          const { records: all } = await records.list({ ...query, limit: Number.MAX_SAFE_INTEGER });
          const found = all
            .filter(({ key }) => afterKey === undefined || key > afterKey)
            .toSorted((one, other) => (one.key < other.key ? -1 : 1));
          if (limit < 0 || !Number.isSafeInteger(limit)) throw new TypeError('limit');
          return { records: found.slice(0, limit), more: found.length > limit };
        },
      })),
  },
  'gives a deleted key its old version again': {
    chapter: 'versions',
    break: (storage) => {
      const deleted = new Set<string>();
      return withRecords(storage, (records) => ({
        put: async (key, record, options) => {
          const version = await records.put(key, record, options);
          return deleted.has(key) ? 1 : version;
        },
        delete: async (key, options) => {
          const gone = await records.delete(key, options);
          if (gone) deleted.add(key);
          return gone;
        },
      }));
    },
  },
  'deletes whatever version is expected': {
    chapter: 'versions',
    break: (storage) => withRecords(storage, (records) => ({ delete: (key) => records.delete(key) })),
  },
  'hands a record to two who ask at once': { chapter: 'claims', break: claimingTogether() },
  'keeps the puts of a commit that fails': {
    chapter: 'commit',
    break: (storage) =>
      withStorage(storage, {
        commit: async (write) => {
          try {
            return await storage.commit(write);
          } catch (error) {
            const puts = (write.puts ?? []).map(({ records, key, record }) => ({ records, key, record }));
            if (isMobError(error, 'MOB_CONFLICT')) await storage.commit({ puts });
            throw error;
          }
        },
      }),
  },
  'adds no fields to a definition': {
    chapter: 'definitions',
    break: (storage) => {
      const known = new Set<string>();
      return withStorage(storage, {
        prepare: async (definitions) => {
          await storage.prepare(definitions.filter(({ name }) => !known.has(name)));
          for (const { name } of definitions) known.add(name);
        },
      });
    },
  },
  'names partitions in no order': {
    chapter: 'contents',
    break: (storage) =>
      withStorage(storage, {
        contents: async () => {
          const { logs, records } = await storage.contents();
          return { records, logs: logs.map((log) => ({ ...log, partitions: log.partitions.toReversed() })) };
        },
      }),
  },
  'moves a cursor past what was appended while a page was read': {
    chapter: 'concurrency',
    break: (storage) =>
      withLogs(storage, (log) => ({
        read: async (query) => {
          const page = await log.read(query);
          if (page.entries.length === 0 || page.more || !isTail(query)) return page;
          await new Promise((resolve) => setImmediate(resolve));
          return { ...page, scannedTo: Math.max(page.scannedTo, (await log.bounds()).lastSeq) };
        },
      })),
  },
};

/** Those who ask for records while another does get the same. */
export function claimingTogether(): (storage: Storage) => Storage {
  let asking: Promise<Claimed> | undefined;
  return (storage) =>
    withRecords(storage, (records) => ({
      claimDue: (claim) => {
        asking ??= records.claimDue(claim).finally(() => (asking = undefined));
        return asking;
      },
    }));
}

function changingEntries(storage: Storage, change: (entry: NewEntry) => NewEntry): Storage {
  return withLogs(storage, (log) => ({
    append: (entries, options) =>
      log.append(
        entries.map((entry) => (typeof entry.data === 'string' ? change(entry) : entry)),
        options,
      ),
  }));
}

/** Follows a log from a cursor on, without any other condition. */
function isTail({ afterSeq, beforeSeq, where, limit }: LogQuery): boolean {
  return afterSeq !== undefined && (beforeSeq ?? where ?? limit) === undefined;
}

function withoutTwins(entries: readonly NewEntry[]): NewEntry[] {
  const ids = entries.map(({ id }) => id);
  return entries.map((entry, at) =>
    ids.indexOf(entry.id) === at ? entry : { ...entry, id: `${entry.id} again` },
  );
}

function quietCommits(storage: Storage): Storage {
  let quiet = false;
  const loud = withLogs(storage, (log) => ({
    onAppend: (wake) => log.onAppend(() => !quiet && wake()),
  }));
  return withStorage(loud, {
    commit: async (write) => {
      quiet = true;
      const written = await storage.commit(write);
      await new Promise((resolve) => setImmediate(resolve));
      quiet = false;
      return written;
    },
  });
}
