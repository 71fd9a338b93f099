import { type Clock, type ErrorHook, MobError } from '@mobkit/core';

/** When what was written is made to reach the disk (fdatasync), which is what the loss of power leaves. */
export type SpoolSync = 'always' | 'interval' | 'never';

/** What `openEventSpool` is given. */
export interface EventSpoolOptions {
  /** Made with 0700 when missing; the directory it is in must be there. One process uses it at a time. */
  readonly directory: string;
  /**
   * A crash of the process loses nothing that was spilled, whatever is chosen. A crash of the machine loses nothing with
   * `always`; with `interval` what was spilled in the last `fsyncIntervalMs`; with `never` what the system had not written
   * by itself.
   *
   * @defaultValue 'interval'
   */
  readonly fsync?: SpoolSync;
  /** Longest time, in milliseconds, between writing and synchronising with `interval`: 1 to 60000. @defaultValue 100 */
  readonly fsyncIntervalMs?: number;
  /** Bytes of the files together, from 1 MiB; when they are reached nothing more is spilled. @defaultValue 1 GiB */
  readonly maxBytes?: number;
  /** @defaultValue the machine's clock */
  readonly clock?: Clock;
  /**
   * Told of damage that was found, by file and byte, and of a disk that refuses to take or give events, once until it is
   * well again: `event_spool_failure`. Called on its own; an error it throws is uncaught.
   */
  readonly onError?: ErrorHook;
}

const MIB = 2 ** 20;

/** @throws MobError `MOB_CONFIG_INVALID` naming the field. */
export function checkedSpoolOptions(options: EventSpoolOptions) {
  const { directory, fsync = 'interval', fsyncIntervalMs = 100, maxBytes = 1024 * MIB } = options;
  if (typeof directory !== 'string' || directory === '' || directory.includes('\0')) {
    throw invalid('directory', directory, 'the path of a directory');
  }
  if (!['always', 'interval', 'never'].includes(fsync)) {
    throw invalid('fsync', fsync, '`always`, `interval` or `never`');
  }
  if (!(Number.isInteger(fsyncIntervalMs) && fsyncIntervalMs >= 1 && fsyncIntervalMs <= 60_000)) {
    throw invalid('fsyncIntervalMs', fsyncIntervalMs, 'a whole number from 1 to 60000');
  }
  if (!(Number.isSafeInteger(maxBytes) && maxBytes >= MIB)) {
    throw invalid('maxBytes', maxBytes, `a whole number from ${MIB}`);
  }
  return { directory, fsync, fsyncIntervalMs, maxBytes };
}

function invalid(field: string, value: unknown, wanted: string): MobError {
  return new MobError('MOB_CONFIG_INVALID', `${field} of the spool is ${String(value)}: give ${wanted}`, {
    details: { field, value: String(value) },
  });
}
