import {
  type ArchiveMonitor,
  type ArchiveStatus,
  type Clock,
  type DeadLetterStore,
  type ErrorHook,
  type EventArchive,
  type EventLogStore,
  type EventPage,
  type LogBounds,
  MobError,
  systemClock,
  within,
} from '@mobkit/core';

import { queryAcross } from './query-across.js';
import type { HotEvents, ShipperDeps } from './shipper-deps.js';
import { Shipper } from './shipper.js';

/** What `archivedEventLog` is given. It closes none of it. */
export interface ArchivedEventLogOptions {
  /** Takes and numbers every event, and keeps the newest. Only this process may prune it. */
  readonly primary: EventLogStore;
  /** Takes them over, at its own pace. Of this log alone. */
  readonly archive: EventArchive;
  /** What the primary keeps of what is archived; the rest is pruned there. @defaultValue everything */
  readonly hot?: HotEvents;
  /** Events archived at a time. @defaultValue 500 */
  readonly batchSize?: number;
  /**
   * Where an event goes that the archive refuses for good, `details.reason` `data`, on its own and three times; one of type
   * `event_archive.refused` takes its place in the archive. Absent: it waits in the primary, and all behind it.
   */
  readonly deadLetters?: DeadLetterStore;
  /** Told when events cannot be archived, once, and when they can be again. Must not throw. */
  readonly onError?: ErrorHook;
  /** @defaultValue `systemClock` */
  readonly clock?: Clock;
}

/** An event log of which the past is in an archive. It has no `prune`: `hot` says what the primary keeps. */
export interface ArchivedEventLog extends EventLogStore, ArchiveMonitor {
  /** How far the archive is behind, as the archive itself says. */
  lag(): Promise<ArchiveLag>;

  /**
   * Archives what there is, for at most `deadlineMs`, and no more after that: the log itself goes on. What is left then waits in
   * the primary for the next start. Answers how much that is at most, undefined when the primary cannot tell; the archive is not
   * asked. A second call answers as the first. Never rejects.
   */
  close(options: { readonly deadlineMs: number }): Promise<{ readonly behind: number | undefined }>;
}

/** How far the archive is behind the log. */
export interface ArchiveLag {
  /** The last event that can be read from the archive. */
  readonly archivedTo: number;
  readonly lastSeq: number;
  /** How many events are not archived yet. */
  readonly behind: number;
  /** Why none can be archived now; absent when they can. */
  readonly failing?: { readonly sinceMs: number; readonly error: string };
}

const BATCH_SIZE = 500;
/** How long whoever asks how it goes waits for the log. */
const STATUS_MS = 2_000;

/**
 * Puts an archive behind an event log: events are written to the primary as before and shipped to the archive from there, in
 * order, from where the archive ends, also what an earlier process left behind. A query goes on in the archive
 * where the primary was pruned, and misses and repeats nothing on the way. An archive that is down holds nobody up: events wait in
 * the primary, which is pruned only of what is archived.
 *
 * @throws MobError `MOB_CONFLICT` for an archive that is not of this log, or ends before what the primary still has; what both
 * throw when they are asked; TypeError for a wrong option.
 */
export async function archivedEventLog(options: ArchivedEventLogOptions): Promise<ArchivedEventLog> {
  const {
    primary,
    archive,
    hot = {},
    deadLetters,
    batchSize = BATCH_SIZE,
    onError = () => {},
    clock = systemClock,
  } = options;
  if (!(Number.isSafeInteger(batchSize) && batchSize >= 1 && batchSize <= 10_000)) {
    throw new TypeError(`batchSize is not a whole number from 1 to 10000: ${batchSize}`);
  }
  for (const field of ['events', 'ms'] as const) {
    const { [field]: given = 0 } = hot;
    if (Number.isSafeInteger(given) && given >= 0) continue;
    throw new TypeError(`hot.${field} is not a whole number from 0: ${given}`);
  }
  const lastArchived = await expectOfOneLog(primary, archive);
  if (primary.prune === undefined && Object.values(hot).some((given) => given !== undefined)) {
    throw new TypeError('hot is given for a primary that cannot be pruned');
  }
  const tiers = { primary, archive, known: await archive.bounds() };
  // Whoever reads what is new, and a close, go by this: an archive that is away must hold up neither.
  const onArchived = (held: LogBounds) => void (tiers.known = held);
  const shipping = { primary, archive, onArchived, hot, batchSize, deadLetters, lastArchived };
  const shipper = new Shipper({ ...shipping, onError, clock });
  shipper.begin();
  let closing: Promise<{ readonly behind: number | undefined }> | undefined;
  const { onAppend } = primary;
  const lag = async (): Promise<ArchiveLag> => {
    const [hotBounds, { lastSeq: archivedTo }] = await Promise.all([boundsOf(primary), archive.bounds()]);
    const { failing } = shipper;
    const behind = behindOf(hotBounds, archivedTo);
    return { archivedTo, lastSeq: hotBounds.lastSeq, behind, ...(failing && { failing }) };
  };
  const archiveStatus = async (): Promise<ArchiveStatus> => {
    const { failing } = shipper;
    const { lastSeq: archivedTo } = tiers.known;
    const asked = primary.query({ afterSeq: archivedTo, limit: 1 }).catch(() => undefined);
    const page = await within(clock, STATUS_MS, asked);
    const waits = page && waitingAfter(page, archivedTo, clock.now());
    return { archivedTo, ...waits, refused: shipper.refused, ...(failing && { failing }) };
  };
  return {
    supports: { ...primary.supports, durable: primary.supports.durable && archive.supports.durable },
    appendBatch: (events) => primary.appendBatch(events),
    query: (query) => queryAcross(tiers, query),
    ...(onAppend && { onAppend: (wake: () => void) => onAppend.call(primary, wake) }),
    lag,
    archiveStatus,
    close: ({ deadlineMs }) =>
      (closing ??= shipper.end(deadlineMs).then(async () => {
        const bounds = await boundsOf(primary).catch(() => undefined);
        return { behind: bounds && behindOf(bounds, tiers.known.lastSeq) };
      })),
  };
}

/** What of a log is not archived, by the first page of it. */
function waitingAfter({ events, ...bounds }: EventPage, archivedTo: number, nowMs: number) {
  const [oldest] = events;
  return {
    lastSeq: bounds.lastSeq,
    behind: behindOf(bounds, archivedTo),
    behindMs: oldest ? Math.max(nowMs - oldest.timestampMs, 0) : 0,
  };
}

/** How many events wait: what the primary had let go of before there was an archive never will. */
function behindOf({ firstSeq, lastSeq }: LogBounds, archivedTo: number): number {
  return Math.max(lastSeq - Math.max(archivedTo, firstSeq - 1), 0);
}

/** What the primary has; cheap. */
async function boundsOf(log: EventLogStore): Promise<LogBounds> {
  const { firstSeq, lastSeq } = await log.query({ limit: 0 });
  return { firstSeq, lastSeq };
}

/** An archive of another log would be read as the past of this one. */
async function expectOfOneLog(
  primary: EventLogStore,
  archive: EventArchive,
): Promise<ShipperDeps['lastArchived']> {
  const [hot, cold] = await Promise.all([boundsOf(primary), archive.bounds()]);
  if (cold.lastSeq === 0) return undefined;
  if (cold.lastSeq > hot.lastSeq) {
    throw ofAnother(`it ends at ${cold.lastSeq}, and the log at ${hot.lastSeq}`, hot, cold);
  }
  if (cold.lastSeq < hot.firstSeq - 1) {
    const gone = `${cold.lastSeq + 1} to ${hot.firstSeq - 1} are in neither`;
    throw ofAnother(`it ends at ${cold.lastSeq} and the log begins at ${hot.firstSeq}: ${gone}`, hot, cold);
  }
  if (cold.lastSeq < hot.firstSeq) return undefined;
  const last = { afterSeq: cold.lastSeq - 1, limit: 1 };
  const [one, other] = await Promise.all([primary.query(last), archive.query(last)]);
  const [[event], [archived]] = [one.events, other.events];
  if (event?.id === archived?.id) return archived && { event, archived };
  throw ofAnother(`they have different events under ${cold.lastSeq}`, hot, cold);
}

function ofAnother(why: string, hot: LogBounds, cold: LogBounds): MobError {
  const message = `The archive is not that of this event log: ${why}. Give the log an archive of its own`;
  return new MobError('MOB_CONFLICT', message, { details: { log: hot, archive: cold } });
}
