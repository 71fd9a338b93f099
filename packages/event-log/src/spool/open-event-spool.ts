import { mkdir, stat } from 'node:fs/promises';

import { type ErrorHook, MobError, systemClock } from '@mobkit/core';

import { Checkpoint } from './checkpoint.js';
import { EventSpool } from './event-spool.js';
import { recoverSegment } from './recover-segment.js';
import { listSegments, type Segment } from './segments.js';
import { lockDirectory } from './spool-lock.js';
import { checkedSpoolOptions, type EventSpoolOptions } from './spool-options.js';
import { SpoolWriter } from './spool-writer.js';

/**
 * Opens a spool: files on disk that take events while the log does not, for `createEventIngestion`. What an earlier process
 * left there is replayed first. Reads all of it once, to know that it can be read.
 *
 * - **Files.** Segments of about 4 MiB, 0600, each event with a checksum and a number. A segment goes when all of it is in
 *   the log. What was written twice because of a crash is told apart in the log, by its id.
 * - **Damage.** A write that a crash cut off is removed, and said; what is damaged is skipped, and said by file and byte.
 *   How many events are missing is known by their numbers, unless they were the last.
 * - **Full.** At `maxBytes`, or when the disk takes no more, it keeps what it has and takes again when there is room.
 *
 * Close the ingestion first, then the spool.
 *
 * @throws MobError `MOB_CONFIG_INVALID` for an option that cannot be, or a directory that cannot be used; names it.
 * `MOB_STORE_LOCKED` when another process uses the directory, or an open spool of this one.
 */
export async function openEventSpool(options: EventSpoolOptions): Promise<EventSpool> {
  const { directory, ...checked } = checkedSpoolOptions(options);
  const { clock = systemClock, onError } = options;
  await prepare(directory);
  const unlock = await lockDirectory(directory);
  let checkpoint: Checkpoint | undefined;
  const release = async () => {
    await checkpoint?.close();
    await unlock();
  };
  try {
    checkpoint = await Checkpoint.open(directory);
    const segments = await listSegments(directory);
    const settled = await checkpoint.read();
    // A file system may forget the end of a file and not that it was settled: numbers are never used again.
    const next = Math.max(await recover(segments, onError), settled);
    const head = Math.max(settled, segments[0]?.first ?? 0);
    // So that it has its place on a disk that fills later. On one that is full now it matters less than all else.
    await checkpoint.write(head).catch(() => {});
    let failing = false;
    const onSync = (failure: unknown) => {
      const told = failing;
      failing = failure !== undefined;
      if (!failing || told) return;
      const error = `event spool: could not synchronise: ${String(failure)}; will retry`;
      queueMicrotask(() => onError?.({ category: 'event_spool_failure', error }));
    };
    const writer = new SpoolWriter({ ...checked, directory, segments, clock, onSync });
    return new EventSpool({ directory, segments, writer, checkpoint, release, onError, head, next });
  } catch (error) {
    await release();
    throw error;
  }
}

/** Not its parents: where they are missing the name is a mistake. */
async function prepare(directory: string): Promise<void> {
  try {
    await mkdir(directory, { mode: 0o700 });
  } catch (cause) {
    const there = await stat(directory).catch(() => undefined);
    if (there?.isDirectory()) return;
    throw new MobError(
      'MOB_CONFIG_INVALID',
      `The spool's directory "${directory}" cannot be made: name another`,
      {
        cause,
        details: { directory },
      },
    );
  }
}

/** The ordinal after the last event there is. */
async function recover(segments: Segment[], onError: ErrorHook | undefined): Promise<number> {
  let next = 0;
  for (const segment of segments) {
    const { size } = await stat(segment.file);
    const recovered = await recoverSegment(segment, size, segment === segments.at(-1));
    next = Math.max(recovered.next, segment.first);
    for (const { at, what } of recovered.damage) {
      const error = `event spool: "${segment.file}" has at byte ${at} ${what}`;
      queueMicrotask(() => onError?.({ category: 'event_spool_failure', error }));
    }
  }
  return next;
}
