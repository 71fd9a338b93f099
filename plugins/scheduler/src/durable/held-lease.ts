import { backoffMs, type Clock, delay, isMobError, type RecordStore } from '@mobkit/core';
import type { MissingTargetPolicy, ScheduleOccurrence } from '@mobkit/core/ops';

import type { GroupedPuts } from './grouped-puts.js';
import { happen, type Happening, isOver } from './occurrence.js';
import { occurrenceRecord } from './schedule-records.js';

/** An occurrence that is ours, as it was put last. */
export interface HeldOccurrence {
  readonly occurrence: ScheduleOccurrence;
  readonly version: number;
  readonly missingTarget: MissingTargetPolicy;
  /** Whether the next one of its schedule may wait until it is over. */
  readonly isAwaited: boolean;
}

export interface HeldLeaseDeps {
  readonly occurrences: Pick<RecordStore, 'get'>;
  readonly puts: GroupedPuts;
  readonly owner: string;
  readonly leaseMs: number;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

/** To write down what became of one; then its lease runs out, and it is begun again. */
const WRITE_TRIES = 6;

/** Keeps an occurrence ours while we live, and changes it only while it is. */
export class HeldLease {
  readonly #deps: HeldLeaseDeps;
  readonly #onLost: (error: Error) => void;
  #occurrence: ScheduleOccurrence;
  #version: number;
  #cancel = () => {};
  /** Writes follow each other. */
  #writing: Promise<unknown> = Promise.resolve();
  #ended = false;

  /** @param onLost - called when somebody else has it, with a `MOB_CONFLICT`. */
  constructor(held: HeldOccurrence, deps: HeldLeaseDeps, onLost: (error: Error) => void) {
    this.#deps = deps;
    this.#onLost = onLost;
    this.#occurrence = held.occurrence;
    this.#version = held.version;
    this.#renewLater();
  }

  get occurrence(): ScheduleOccurrence {
    return this.#occurrence;
  }

  /** Goes on with an occurrence that was claimed while it was ours. */
  renew(version: number): void {
    this.#version = version;
    this.#renew();
  }

  end(): void {
    this.#ended = true;
    this.#cancel();
  }

  /**
   * Keeps what happened to it.
   *
   * @param takeUpInMs - When somebody may take it up, as it is nobody's now. Absent: it is ours as long as it is renewed.
   * @throws MobError `MOB_CONFLICT` when it is not ours any more.
   */
  put(happening: Happening, takeUpInMs?: number): Promise<ScheduleOccurrence> {
    const owner = takeUpInMs === undefined ? this.#deps.owner : undefined;
    return this.#write(() => happen(this.#occurrence, happening, owner), takeUpInMs);
  }

  #write(make: () => ScheduleOccurrence, takeUpInMs?: number): Promise<ScheduleOccurrence> {
    const written = this.#writing.then(() => this.#tryWrite(make(), takeUpInMs));
    this.#writing = written.catch(() => {});
    return written;
  }

  async #tryWrite(
    occurrence: ScheduleOccurrence,
    takeUpInMs: number | undefined,
  ): Promise<ScheduleOccurrence> {
    const { puts, clock, leaseMs } = this.#deps;
    const key = occurrence.occurrenceId;
    for (let failures = 0; ;) {
      const expectedVersion = this.#version;
      const takeUpAtMs = isOver(occurrence.phase) ? undefined : clock.now() + (takeUpInMs ?? leaseMs);
      const record = occurrenceRecord(occurrence, takeUpAtMs);
      try {
        this.#version = await puts.put(key, record, expectedVersion);
        this.#occurrence = occurrence;
        return occurrence;
      } catch (error) {
        if (isMobError(error, 'MOB_CONFLICT')) {
          if (this.#version !== expectedVersion || (await this.#isOurClaim())) continue;
          this.#onLost(error);
          throw error;
        }
        if (!(isMobError(error) && error.retryable) || failures + 1 === WRITE_TRIES) throw error;
        await delay(clock, backoffMs(failures));
        failures += 1;
      }
    }
  }

  /** After the machine slept, its own process may be the first to find a lease that ran out: nothing has changed then. */
  async #isOurClaim(): Promise<boolean> {
    const { occurrences, owner } = this.#deps;
    const kept = await occurrences.get(this.#occurrence.occurrenceId);
    const unchanged = kept?.data === JSON.stringify(this.#occurrence);
    if (!kept || !unchanged || kept.lease?.owner !== owner) return false;
    this.#version = kept.version;
    return true;
  }

  #renewLater(): void {
    const { clock, leaseMs } = this.#deps;
    this.#cancel();
    this.#cancel = clock.after(Math.floor(leaseMs / 3), () => this.#renew(), { background: true });
  }

  #renew(): void {
    void this.#write(() => this.#occurrence)
      .catch((error: unknown) => {
        if (!isMobError(error, 'MOB_CONFLICT')) this.#deps.onError(error);
      })
      .finally(() => {
        if (!this.#ended) this.#renewLater();
      });
  }
}
