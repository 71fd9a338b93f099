import { randomUUID } from 'node:crypto';

import {
  backoffMs,
  type Clock,
  errorText,
  isMobError,
  type RecordsDefinition,
  type Storage,
  type StoredRecord,
} from '@mobkit/core';
import {
  type Delivery,
  type DeliveryOutbox,
  deliveryOutboxDefinition,
  deliveryOutboxOf,
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
  /** How long a request is kept that was refused. */
  readonly retentionMs: number;
  readonly onError: (error: unknown) => void;
}

interface Held {
  /** Where it was found. */
  readonly records: RecordsDefinition;
  readonly kept: KeptOutboxRequest;
  readonly version: number;
}

/**
 * Hands what was asked for to the delivery, each once: its way is kept before, and what a crash leaves between the two is handed
 * over again by the same way and under the same key, which the delivery knows. What was asked for of another mob is in other records,
 * and not looked at.
 */
export class OutboxRelay {
  readonly #deps: OutboxRelayDeps;
  readonly #owner = `outbox-${randomUUID()}`;
  /** By the name of the records. */
  readonly #due = new Map<string, DueWork>();
  readonly #work = new Set<Promise<void>>();
  #host: ServiceHost | undefined;
  #unfollow = () => {};
  #stopped = false;

  constructor(deps: OutboxRelayDeps) {
    this.#deps = deps;
  }

  async start(host: ServiceHost): Promise<void> {
    const { storage, onEnlisted } = this.#deps;
    const all = [deliveryOutboxDefinition, deliveryOutboxOf(host.mob.mobId)];
    await storage.prepare(all);
    if (this.#stopped) return;
    this.#host = host;
    for (const records of all) this.#due.set(records.name, this.#dueWork(records));
    for (const due of this.#due.values()) due.start();
    if (!onEnlisted) return;
    this.#unfollow = onEnlisted(() => {
      for (const due of this.#due.values()) due.wakeAt(this.#now());
    });
  }

  /** Begins nothing more; resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#unfollow();
    for (const due of this.#due.values()) due.stop();
    while (this.#work.size > 0) await Promise.allSettled(this.#work);
  }

  #dueWork(records: RecordsDefinition): DueWork {
    const { storage, clock, onError } = this.#deps;
    return new DueWork({
      records: storage.records(records),
      clock,
      owner: this.#owner,
      slots: SLOTS,
      // Also where no other process is: commits of the application are told to nobody there.
      shared: true,
      work: (record) => this.#track(this.#handOver(records, record)),
      onError,
    });
  }

  async #handOver(records: RecordsDefinition, record: StoredRecord): Promise<void> {
    const kept = JSON.parse(record.data) as KeptOutboxRequest;
    const held = { records, kept, version: record.version };
    // What was refused is due when it is to be forgotten.
    if (kept.status === 'refused') return this.#finish(held);
    // Earlier versions kept what is for a mob among what is for all; that mob may still be run by one.
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
    const version = await this.#put({ ...held, kept: begun }, this.#now() + HELD_MS);
    return version === undefined ? undefined : { ...held, kept: begun, version };
  }

  async #failed(held: Held, error: unknown): Promise<void> {
    if (isMobError(error, 'MOB_SHUTTING_DOWN')) return this.#putDue(held, this.#now());
    const said = errorText(error);
    if (isMobError(error) && error.retryable) {
      return this.#later(held, said, Number(error.details['retryAfterMs'] ?? 0));
    }
    const { kept, ...rest } = withoutWay(held);
    const goneAtMs = this.#now() + this.#deps.retentionMs;
    const put = await this.#put({ ...rest, kept: { ...kept, status: 'refused', error: said } }, goneAtMs);
    if (put !== undefined) this.#tellRefused(kept, said, put);
  }

  async #later({ kept, ...rest }: Held, error?: string, atLeastMs = 0): Promise<void> {
    const { failures = 0 } = kept;
    const pauseMs = Math.max(backoffMs(Math.min(failures, 20), LONGEST_PAUSE_MS), atLeastMs);
    const again = { ...kept, failures: failures + 1, ...(error !== undefined && { error }) };
    await this.#putDue({ ...rest, kept: again }, this.#now() + Math.ceil(pauseMs));
  }

  async #putDue(held: Held, dueAtMs: number): Promise<void> {
    if ((await this.#put(held, dueAtMs)) !== undefined) this.#due.get(held.records.name)?.wakeAt(dueAtMs);
  }

  /** Undefined when somebody else has it by now. */
  async #put({ records, kept, version }: Held, dueAtMs: number): Promise<number | undefined> {
    const { key, record } = outboxPut(kept, dueAtMs);
    try {
      return await this.#deps.storage.records(records).put(key, record, { expectedVersion: version });
    } catch (error) {
      if (isMobError(error, 'MOB_CONFLICT')) return undefined;
      throw error;
    }
  }

  async #finish({ records, kept, version }: Held): Promise<void> {
    try {
      await this.#deps.storage.records(records).delete(kept.id, { expectedVersion: version });
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

function withoutWay({ kept, ...rest }: Held): Held {
  const { resolution: _, ...left } = kept;
  return { ...rest, kept: left };
}
