import { BufferedIngestion } from './buffered-ingestion.js';
import type { EventIngestion } from './event-ingestion.js';
import type { EventIngestionOptions } from './options.js';

/**
 * Returns buffered ingestion into `store`. What a spool was left with is written first, else nothing before the first event;
 * close it before the spool and the store.
 *
 * - **When.** `batchSize` waiting events are written at once, fewer `flushIntervalMs` after the first of them. One
 *   append is under way at a time; what came meanwhile goes together in the next, at most 512 events or `batchSize`.
 * - **Order** is kept, also over failures and the spool.
 * - **Failures.** The events stay and are tried again after 50 ms, doubled up to 5 s, less up to a half at random;
 *   `close` tries at once, and `flush` when it is asked to (`retryNow`). An answer without its `duplicates` is a failure
 *   too. An event that was sent in a failed append and turns out to be in the log counts as persisted.
 * - **Spool.** With one, events go to disk while appends fail, and when memory is half full because the log is slow; the
 *   append under way first. They are replayed in order, before anything newer, also by the next process. `close` ends early
 *   when all that is left is there, and spills what is left at its deadline; a disk that is slow is then waited for as long again.
 * - **Process.** A `flush` or `close` under way keeps the process alive; what merely waits to be written does not.
 * - **Refusals.** When the log refuses what is in a batch (`MOB_STORE_REFUSED` with `details.reason` `'data'`, a
 *   `TypeError` while an event breaks the rules for entries, or an event that is not JSON-serialisable), the batch is
 *   divided until the event is found; it counts as `dropped.refused`, goes to `deadLetters`, and the others pass. Any other
 *   refusal is a failure: it may be of everything.
 * - **Dead letters** are put at their own pace and tried again; at most 256 wait. `close` waits for them within its deadline.
 * - **Bound.** 4096 events are kept in memory. Beyond it, when the spool takes no more either or events come faster than it
 *   writes, the oldest that are not in an append go and count as `dropped.overflow`; one may be in the log all the same, if
 *   the answer to its append was lost.
 * - **Gaps.** Dropped events are told to the log, in their place, by an event of module `runtime` and type
 *   `event_log.gap`. Its payload has `dropped`, `reasons` (`overflow`, `refused`, `corrupt`), the first and last
 *   `timestamp_ms` of what is missing where they are known, and `dropped_total`, the drops since the ingestion was made:
 *   where that has grown by less than `dropped` since the gap before, the answer to the first was lost, and both tell in part
 *   of the same events.
 *
 * @throws MobError `MOB_CONFIG_INVALID` for a `batchSize` or `flushIntervalMs` that cannot be; names the field.
 */
export function createEventIngestion(options: EventIngestionOptions): EventIngestion {
  return new BufferedIngestion(options);
}
