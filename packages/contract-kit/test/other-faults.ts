import type { EventLogStore, PersistentMetadataStore, SessionRow, SessionStore, Storage } from '@mobkit/core';
import { setTimeout } from 'node:timers/promises';

import { withLogs, withRecords, withStorage } from './break-storage.js';

/** Broken only in another process of the store, which is killed. */
export const childFaults: Readonly<
  Record<string, { readonly chapter: string; readonly break: (storage: Storage) => Storage }>
> = {
  'acknowledges a batch before it is kept': {
    chapter: 'kill',
    break: (storage) =>
      withLogs(storage, (log) => {
        const open: Parameters<typeof log.append>[0][] = [];
        return {
          // Each is written when the second after it comes: one is missing at whatever moment the process is killed.
          append: async (entries) => {
            const { lastSeq } = await log.append(open.push(entries) > 2 ? open.shift()! : []);
            return { stored: entries.length, duplicates: [], lastSeq: lastSeq + open.flat().length };
          },
        };
      }),
  },
  'writes a commit in two parts': {
    chapter: 'torn-commit',
    break: (storage) =>
      withStorage(storage, {
        commit: async ({ puts = [], ...rest }) => {
          const { versions } = await storage.commit({ puts });
          await setTimeout(50);
          return { ...(await storage.commit(rest)), versions };
        },
      }),
  },
  'keeps no record of a commit': {
    chapter: 'torn-commit',
    break: (storage) =>
      withStorage(storage, {
        commit: async ({ puts = [], appends = [] }) => ({
          ...(await storage.commit({ appends })),
          versions: puts.map(() => 1),
        }),
      }),
  },
};

/** Broken only when it is opened again. */
export const reopenFaults: typeof childFaults = {
  'begins versions anew': {
    chapter: 'restart',
    break: (storage) =>
      withRecords(storage, (records) => ({
        put: async (...write) => (await records.put(...write), 1),
      })),
  },
};

export const eventFaults: Readonly<
  Record<string, { readonly chapter: string; readonly break: (eventLog: EventLogStore) => EventLogStore }>
> = {
  'numbers events by the time they happened': {
    chapter: 'clock',
    break: (eventLog) => ({
      ...eventLog,
      query: async (query) => {
        const page = await eventLog.query(query);
        return { ...page, events: page.events.toSorted((one, other) => one.timestampMs - other.timestampMs) };
      },
    }),
  },
  'loses the position in the live streams': {
    chapter: 'hostile',
    break: (eventLog) => ({
      ...eventLog,
      appendBatch: (events) =>
        eventLog.appendBatch(
          events.map((event) => {
            const kept = { ...event };
            delete (kept as { stream?: unknown }).stream;
            return kept;
          }),
        ),
    }),
  },
  'looks for a member without a generation as an incarnation': {
    chapter: 'filters',
    break: (eventLog) => ({
      ...eventLog,
      query: ({ memberId, ...query }) =>
        eventLog.query(
          memberId === undefined ? query : { ...query, memberId: `${memberId.split(':')[0]}:0` },
        ),
    }),
  },
  'does not name duplicates': {
    chapter: 'repeats',
    break: (eventLog) => ({
      ...eventLog,
      appendBatch: async (events) => {
        const appended = await eventLog.appendBatch(events);
        // Only of what was new in part: the whole of a batch again is told.
        return appended.stored > 0 && appended.duplicates.length < 4
          ? { ...appended, duplicates: [] }
          : appended;
      },
    }),
  },
  'ignores a field that it does not know': {
    chapter: 'arguments',
    break: (eventLog) => ({
      ...eventLog,
      query: (query) => {
        const { run_id: _, ...known } = query as typeof query & { run_id?: string };
        return eventLog.query(known);
      },
    }),
  },
};

export const metadataFaults: Readonly<
  Record<
    string,
    {
      readonly chapter: string;
      readonly break: (metadata: PersistentMetadataStore) => PersistentMetadataStore;
    }
  >
> = {
  'keeps the labels of a run under its mob': {
    chapter: 'labels',
    break: (metadata) => ({
      ...metadata,
      labels: ({ mobId }) => metadata.labels({ mobId }),
      setLabels: ({ mobId }, labels) => metadata.setLabels({ mobId }, labels),
    }),
  },
  'keeps one cursor for all mobs': {
    chapter: 'cursors',
    break: (metadata) => ({
      ...metadata,
      subscriptionCursor: () => metadata.subscriptionCursor('one'),
    }),
  },
};

export const sessionFaults: Readonly<
  Record<string, { readonly chapter: string; readonly break: (sessions: SessionStore) => SessionStore }>
> = {
  'says that sessions end with their process': {
    chapter: 'supports',
    break: (sessions) => ({ ...sessions, supports: { ...sessions.supports, durable: false } }),
  },
  'knows of a session what was appended last': {
    chapter: 'latest',
    break: (sessions) => {
      const last = new Map<string, SessionRow>();
      return {
        ...sessions,
        append: async (rows) => {
          await sessions.append(rows);
          // Only of what the chapter appends late: the model would notice it else.
          for (const row of rows) if (row.payload === 'late') last.set(row.sessionId, row);
        },
        latest: async (query) => {
          const page = await sessions.latest(query);
          return { ...page, rows: page.rows.map((row) => last.get(row.sessionId) ?? row) };
        },
      };
    },
  },
  'says that there are more sessions when there are none': {
    chapter: 'pages',
    break: (sessions) => ({
      ...sessions,
      latest: async (query) => {
        const page = await sessions.latest(query);
        return { ...page, more: page.rows.length > 0 };
      },
    }),
  },
  'sorts sessions by UTF-16': {
    chapter: 'hostile',
    break: (sessions) => ({
      ...sessions,
      latest: async (query) => {
        await sessions.latest(query);
        const { afterSessionId = '', limit = 256 } = query ?? {};
        const { rows } = await sessions.latest({ limit: 4_096 });
        const sorted = rows.toSorted((one, other) => (one.sessionId < other.sessionId ? -1 : 1));
        const after = sorted.filter(({ sessionId }) => sessionId > afterSessionId);
        return { rows: after.slice(0, limit), more: after.length > limit };
      },
    }),
  },
  'puts the first key of a payload first': {
    chapter: 'hostile',
    break: (sessions) => ({
      ...sessions,
      append: (rows) => {
        const sorted = (payload: SessionRow['payload']) =>
          typeof payload === 'object' && payload !== null && 'z' in payload
            ? { a: null, ...payload }
            : payload;
        return sessions.append(
          Array.isArray(rows) ? rows.map((row) => row && { ...row, payload: sorted(row.payload) }) : rows,
        );
      },
    }),
  },
  'keeps the good rows of what it refuses': {
    chapter: 'arguments',
    break: (sessions) => ({
      ...sessions,
      append: async (rows) => {
        if (!Array.isArray(rows)) return sessions.append(rows);
        for (const row of rows as readonly SessionRow[]) await sessions.append([row]);
      },
    }),
  },
  'loses what is appended while it compacts': {
    chapter: 'compaction',
    break: (sessions) => {
      let compacting = 0;
      return {
        ...sessions,
        append: (rows) => (compacting > 0 ? Promise.resolve() : sessions.append(rows)),
        compact: async () => {
          compacting++;
          try {
            return await sessions.compact();
          } finally {
            compacting--;
          }
        },
      };
    },
  },
};
