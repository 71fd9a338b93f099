import type { ErrorEvent, Storage } from '@mobkit/core';
import { ManualClock } from '@mobkit/contract-kit';
import type { MobHandle } from '@mobkit/core/mob';
import type { Delivery, DeliverySink, ModuleEventEnvelope } from '@mobkit/core/ops';
import { type DeliveryOptions, openDelivery } from '@mobkit/delivery';
import { openMemoryStores } from '@mobkit/store-memory';
import { onTestFinished } from 'vitest';

export interface Stage {
  readonly delivery: Delivery;
  readonly storage: Storage;
  readonly clock: ManualClock;
  readonly told: ModuleEventEnvelope[];
  readonly errors: ErrorEvent[];
}

type Given = Partial<DeliveryOptions> & {
  readonly clock?: ManualClock;
  readonly deliver?: DeliverySink['deliver'];
  readonly idempotent?: boolean;
  readonly mobId?: string;
  readonly start?: boolean;
};

/** A delivery over memory whose sink `box` does as it is told, on a clock that stands still. */
export async function openStage(given: Given = {}): Promise<Stage> {
  const { deliver = async () => {}, idempotent = false, mobId = 'm', start = true, ...options } = given;
  const storage = options.storage ?? (await openMemoryStores()).storage;
  // Long ago, so that what waits on this clock is due for a store that goes by the machine's.
  const clock = options.clock ?? new ManualClock(7_000);
  const sinks = options.sinks ?? (() => [{ name: 'box', deliver, idempotent }]);
  const delivery = await openDelivery({ ...options, storage, clock, sinks });
  const [told, errors]: [ModuleEventEnvelope[], ErrorEvent[]] = [[], []];
  if (start) {
    await delivery.start({
      mob: { mobId } as MobHandle,
      tell: (event) => void told.push(event),
      onError: (event) => void errors.push(event),
    });
    onTestFinished(() => delivery.stop({ deadlineMs: 0 }));
  }
  return { delivery, storage, clock, told, errors };
}

/** Lets everything happen that waits for no timer. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Moves the clock to its next timers, until a promise settles. */
export async function letPass<T>(clock: ManualClock, promise: Promise<T>, atMostMs = 3_600_000): Promise<T> {
  let settled = false;
  const end = () => void (settled = true);
  promise.then(end, end);
  for (let passedMs = 0; ;) {
    await settle();
    if (settled) return promise;
    const { nextDueMs } = clock;
    if (nextDueMs === undefined || passedMs > atMostMs)
      throw new Error('Nothing is left that could settle it');
    clock.advance(nextDueMs);
    passedMs += nextDueMs;
  }
}
