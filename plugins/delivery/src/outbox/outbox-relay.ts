import { randomUUID } from 'node:crypto';

import { backoffMs, type Clock, errorText, isMobError, type Storage, type StoredRecord } from '@mobkit/core';
import {
  type Delivery,
  type DeliveryOutbox,
  deliveryOutboxDefinition,
  type KeptOutboxRequest,
  outboxPut,
  type Router,
  type ServiceHost,
} from '@mobkit/core/ops';

import { DueWork } from '../due-work.js';

/** Handed over at a time. */
const SLOTS = 16;

/** For so long what is handed over is ours: longer than a delivery takes to answer. */
const HELD_MS = 60_000;

/** Pauses between attempts to hand over are doubled up to this. */
const LONGEST_PAUSE_MS = 300_000;

/** What hands over deliveries that were asked for in transactions of applications. */
export interface OutboxOptions {
  /** Decides the way of each, when it is handed over. */
  readonly resolve: Router['resolve'];
  /** `DeliveryOutbox.onEnlisted` of the store. @defaultValue they are found within 15 seconds */
  readonly onEnlisted?: DeliveryOutbox['onEnlisted'];
}

interface OutboxRelayDeps extends OutboxOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly send: Delivery['send'];
  readonly onError: (error: unknown) => void;
}

interface Held {
  readonly kept: KeptOutboxRequest;
  readonly version: number;
}

/**
 * Hands what was asked for to the delivery, each once: its way is kept before, and what a crash leaves between the two is handed
 * over again by the same way and under the same key, which the delivery knows.
 */
export class OutboxRelay {
  readonly #deps: OutboxRelayDeps;
  readonly #due: DueWork;
  readonly #work = new Set<Promise<void>>();
  #host: ServiceHost | undefined;
  #unfollow = () => {};

  constructor(deps: OutboxRelayDeps) {
    this.#deps = deps;
    const { storage, clock, onError } = deps;
    this.#due = new DueWork({
      records: storage.records(deliveryOutboxDefinition),
      clock,
      owner: `outbox-${randomUUID()}`,
      slots: SLOTS,
      // Also where no other process is: commits of the application are told to nobody there.
      shared: true,
      work: (record) => this.#track(this.#handOver(record)),
      onError,
    });
  }

  start(host: ServiceHost): void {
    this.#host = host;
    this.#due.start();
    const { onEnlisted, clock } = this.#deps;
    if (onEnlisted) this.#unfollow = onEnlisted(() => this.#due.wakeAt(clock.now()));
  }

  /** Begins nothing more; resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.#unfollow();
    this.#due.stop();
    while (this.#work.size > 0) await Promise.allSettled(this.#work);
  }

  async #handOver(record: StoredRecord): Promise<void> {
    const kept = JSON.parse(record.data) as KeptOutboxRequest;
    const held = { kept, version: record.version };
    if (kept.mobId !== undefined && kept.mobId !== this.#host?.mob.mobId) return this.#later(held);
    const begun = await this.#begin(held);
    if (!begun) return;
    const { id, payload, from, interactionId, resolution } = begun.kept;
    try {
      await this.#deps.send({
        resolution,
        payload,
        idempotencyKey: `outbox:${id}`,
        ...(from !== undefined && { from }),
        ...(interactionId !== undefined && { interactionId }),
      });
    } catch (error) {
      if (!isMobError(error) || error.details['handedOver'] !== true) {
        // One that was kept long ago may not be trusted any more; the same for a new one is for good.
        const isOld = kept.resolution !== undefined && isMobError(error, 'MOB_ROUTE_UNTRUSTED');
        if (!isOld) return this.#failed(begun, error);
        return this.#putDue(withoutWay(begun), this.#now());
      }
    }
    await this.#finish(begun);
  }

  /** Keeps the way it goes; nothing when it came to nothing, or is not ours any more. */
  async #begin(held: Held) {
    const { kept } = held;
    const { recipient, channel } = kept;
    let { resolution } = kept;
    try {
      resolution ??= await this.#deps.resolve({ recipient, ...(channel !== undefined && { channel }) });
    } catch (error) {
      await this.#failed(held, error);
      return undefined;
    }
    const begun = { ...kept, resolution };
    const version = await this.#put({ kept: begun, version: held.version }, this.#now() + HELD_MS);
    return version === undefined ? undefined : { kept: begun, version };
  }

  async #failed(held: Held, error: unknown): Promise<void> {
    if (isMobError(error, 'MOB_SHUTTING_DOWN')) return this.#putDue(held, this.#now());
    const said = errorText(error);
    if (isMobError(error) && error.retryable) {
      return this.#later(held, said, Number(error.details['retryAfterMs'] ?? 0));
    }
    const { kept, version } = withoutWay(held);
    const put = await this.#put({ kept: { ...kept, status: 'refused', error: said }, version });
    if (put !== undefined) this.#tellRefused(kept, said, put);
  }

  async #later({ kept, version }: Held, error?: string, atLeastMs = 0): Promise<void> {
    const { failures = 0 } = kept;
    const pauseMs = Math.max(backoffMs(Math.min(failures, 20), LONGEST_PAUSE_MS), atLeastMs);
    const again = { ...kept, failures: failures + 1, ...(error !== undefined && { error }) };
    await this.#putDue({ kept: again, version }, this.#now() + Math.ceil(pauseMs));
  }

  async #putDue(held: Held, dueAtMs: number): Promise<void> {
    if ((await this.#put(held, dueAtMs)) !== undefined) this.#due.wakeAt(dueAtMs);
  }

  /** Undefined when somebody else has it by now. */
  async #put({ kept, version }: Held, dueAtMs?: number): Promise<number | undefined> {
    const { records, key, record } = outboxPut(kept, dueAtMs);
    try {
      return await this.#deps.storage.records(records).put(key, record, { expectedVersion: version });
    } catch (error) {
      if (isMobError(error, 'MOB_CONFLICT')) return undefined;
      throw error;
    }
  }

  async #finish({ kept: { id }, version }: Held): Promise<void> {
    try {
      await this.#deps.storage.records(deliveryOutboxDefinition).delete(id, { expectedVersion: version });
    } catch (error) {
      if (!isMobError(error, 'MOB_CONFLICT')) throw error;
    }
  }

  #tellRefused({ id, recipient, channel }: KeptOutboxRequest, error: string, version: number): void {
    this.#host?.tell({
      eventId: `outbox-refused-${id}-${version}`,
      timestampMs: this.#now(),
      event: {
        kind: 'module',
        module: 'delivery',
        eventType: 'outbox.refused',
        payload: { id, recipient, ...(channel !== undefined && { channel }), error },
      },
    });
  }

  #now(): number {
    return this.#deps.clock.now();
  }

  #track(work: Promise<void>): Promise<void> {
    this.#work.add(work);
    const forget = () => void this.#work.delete(work);
    work.then(forget, forget);
    return work;
  }
}

function withoutWay({ kept, version }: Held): Held {
  const { resolution: _, ...left } = kept;
  return { kept: left, version };
}
