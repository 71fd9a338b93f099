import { randomUUID } from 'node:crypto';

import { type Clock, errorText, MobError, type Storage, type StoredRecord, within } from '@mobkit/core';
import type {
  Delivery,
  DeliveryQuery,
  DeliveryRecord,
  DeliveryRequest,
  DeliverySink,
  Resolution,
  ServiceHost,
} from '@mobkit/core/ops';

import { type EndContext, ended, type KeptDelivery, openAttempt } from './attempts.js';
import { callSink } from './call-sink.js';
import { checkRequest } from './check-request.js';
import { deliveryEvent } from './delivery-event.js';
import { deliveryIds } from './delivery-ids.js';
import { keptIn, shown } from './delivery-records.js';
import { DeliveryStore, type Held } from './delivery-store.js';
import type { DeliveryTables } from './delivery-tables.js';
import { DueWork } from './due-work.js';
import { Housekeeping } from './housekeeping.js';
import { OneAtATime } from './one-at-a-time.js';
import { type OutboxOptions, OutboxRelay } from './outbox/outbox-relay.js';
import { pruneDeliveries, type Retention } from './prune-deliveries.js';
import { readDeliveries } from './read-deliveries.js';
import { bucketKeyOf } from './token-bucket.js';
import { Waiting } from './waiting.js';

/** Attempts that are begun by themselves, at a time: retries, and what others left behind. */
const SLOTS = 16;

/** Others take an attempt for lost only so long after its sink had to answer, so that its end can still be kept. */
const RECORDING_MS = 10_000;

const LOST = 'The process that made this attempt ended, or stood still, before it said what came of it';

export interface DurableDeliveryDeps extends Retention {
  readonly storage: Storage;
  readonly tables: DeliveryTables;
  readonly sinks: () => readonly DeliverySink[];
  readonly trust: (resolution: Resolution) => Promise<void>;
  readonly clock: Clock;
  readonly sinkTimeoutMs: number;
  readonly answerWithinMs: number;
  readonly longestBackoffMs: number;
  readonly idempotencyTtlMs: number;
  readonly outbox?: OutboxOptions;
}

/** Deliveries over a storage that others may share. */
export class DurableDelivery implements Delivery {
  readonly #deps: DurableDeliveryDeps;
  readonly #store: DeliveryStore;
  readonly #due: DueWork;
  readonly #housekeeping: Housekeeping;
  readonly #relay: OutboxRelay | undefined;
  readonly #waiting = new Waiting();
  readonly #inTurn = new OneAtATime();
  readonly #newId = deliveryIds();
  /** By delivery: what gives its attempt up. */
  readonly #underWay = new Map<string, AbortController>();
  /** What must have ended before this has. */
  readonly #work = new Set<Promise<unknown>>();
  #host: ServiceHost | undefined;
  #stopping: Promise<void> | undefined;
  #givenUp = false;

  constructor(deps: DurableDeliveryDeps) {
    this.#deps = deps;
    const { storage, tables, clock, trust, idempotencyTtlMs, sinkTimeoutMs, retentionMs } = deps;
    const attemptMs = sinkTimeoutMs + RECORDING_MS;
    this.#store = new DeliveryStore({ storage, tables, clock, trust, idempotencyTtlMs, attemptMs });
    const owner = `delivery-${randomUUID()}`;
    const onError = (error: unknown) => this.#complain(error);
    this.#due = new DueWork({
      records: storage.records(tables.deliveries),
      clock,
      owner,
      slots: SLOTS,
      shared: storage.supports.processes === 'many',
      work: (record) => this.#track(this.#seeTo(record)),
      onError,
    });
    this.#housekeeping = new Housekeeping({
      clock,
      prune: (signal) => pruneDeliveries(deps, { owner, nowMs: clock.now(), signal }),
      onError,
    });
    this.#relay =
      deps.outbox &&
      new OutboxRelay({
        ...deps.outbox,
        storage,
        clock,
        send: (request) => this.send(request),
        retentionMs,
        onError,
      });
  }

  async start(host: ServiceHost): Promise<void> {
    if (this.#stopping) return;
    this.#host = host;
    await this.#findLost();
    this.#due.start();
    this.#housekeeping.start();
    await this.#relay?.start(host);
  }

  stop({ deadlineMs }: { readonly deadlineMs: number }): Promise<void> {
    return (this.#stopping ??= this.#stop(deadlineMs));
  }

  async send(request: DeliveryRequest): Promise<DeliveryRecord> {
    const asked = checkRequest(request);
    this.#expectOpen('send a message');
    const bucketKey = bucketKeyOf(asked.resolution);
    const admitting = this.#track(
      this.#inTurn.run(bucketKey, async () => {
        this.#expectOpen('send a message');
        const deliveryId = this.#newId(this.#deps.clock.now());
        const mobId = this.#host?.mob.mobId;
        const admitted = await this.#store.admit(asked, { deliveryId, mobId, bucketKey });
        // In the same turn, so that nothing ends between the two.
        return 'repeated' in admitted ? admitted.repeated : this.#carried(admitted);
      }),
    );
    const admitted = await admitting;
    return 'carrying' in admitted
      ? this.#answer(admitted.delivery, admitted.carrying)
      : this.#answer(admitted);
  }

  async get(deliveryId: string): Promise<DeliveryRecord | undefined> {
    const found = await this.#store.get(deliveryId);
    return found && shown(found.delivery);
  }

  history(query?: DeliveryQuery): Promise<readonly DeliveryRecord[]> {
    return readDeliveries(this.#deps.storage.records(this.#deps.tables.deliveries), query);
  }

  dead(query: Omit<DeliveryQuery, 'status'> = {}): Promise<readonly DeliveryRecord[]> {
    return this.history({ ...query, status: ['failed', 'unknown'] });
  }

  async redrive(deliveryId: string): Promise<DeliveryRecord> {
    this.#expectOpen('send a message again');
    const begins = async () => {
      const found = await this.#store.get(deliveryId);
      if (!found) {
        const said = `There is no delivery "${deliveryId}"`;
        throw new MobError('MOB_DELIVERY_NOT_FOUND', said, { details: { deliveryId } });
      }
      const { status } = found.delivery;
      if (status !== 'failed' && status !== 'unknown') {
        const said = `Delivery ${deliveryId} is ${status}: only what is failed or unknown is sent again`;
        throw new MobError('MOB_CONFLICT', said, { details: { deliveryId } });
      }
      return this.#carried(await this.#store.redrive(found));
    };
    const { delivery, carrying } = await this.#track(begins());
    return this.#answer(delivery, carrying);
  }

  /** Begins the call of the sink of an attempt that is on record. */
  #carried(held: Held) {
    return { delivery: held.delivery, carrying: this.#track(this.#carry(held)) };
  }

  /** One attempt, to its recorded end. */
  async #carry({ delivery, version }: Held): Promise<KeptDelivery> {
    const { clock, sinkTimeoutMs: timeoutMs } = this.#deps;
    const { deliveryId, attempts } = delivery;
    const controller = new AbortController();
    this.#underWay.set(deliveryId, controller);
    try {
      const sink = this.#sinkOf(delivery);
      const call = { attempt: attempts.length, timeoutMs, clock, controller };
      const outcome = sink
        ? await callSink(sink, messageOf(delivery), call)
        : ({ status: 'failed', error: this.#noSink() } as const);
      // What we have cut off ourselves has no outcome that is known: the next process finds it.
      if (this.#givenUp && outcome.status !== 'sent') return delivery;
      const end = ended(delivery, outcome, this.#endContext(sink));
      const kept = await this.#keepEnd(end, version, controller);
      if (!kept) return delivery;
      this.#saw(kept, kept === end);
      return kept;
    } finally {
      this.#underWay.delete(deliveryId);
    }
  }

  /** What is kept then; nothing when that cannot be told, and then it is found without an end when it is due. */
  async #keepEnd(
    end: KeptDelivery,
    version: number,
    controller: AbortController,
  ): Promise<KeptDelivery | undefined> {
    try {
      return await this.#store.keepEnd(end, version, controller);
    } catch (cause) {
      this.#complain(cause);
      if (end.status !== 'sent') return undefined;
      const { deliveryId, resolution } = end;
      const { recipient, sink } = resolution;
      const said = `Delivery ${deliveryId} to "${recipient}" through "${sink}" was handed over, but that could not be recorded: do not send it again (${errorText(cause)})`;
      const details = { deliveryId, recipient, sink, handedOver: true };
      throw new MobError('MOB_DELIVERY_FAILED', said, { cause, details });
    }
  }

  /** What an attempt has come to is known: whoever waits is told, and everybody if it came of this process. */
  #saw(delivery: KeptDelivery, ours: boolean): void {
    const { status, nextAttemptAtMs } = delivery;
    if (status === 'pending') {
      if (nextAttemptAtMs !== undefined) this.#due.wakeAt(nextAttemptAtMs);
      return;
    }
    if (ours) {
      this.#host?.tell(deliveryEvent(delivery, this.#deps.clock.now()));
      this.#housekeeping.count();
    }
    this.#waiting.tell(delivery);
  }

  /** The outcome, or what is known of it when it has been waited for long enough. */
  async #answer(delivery: KeptDelivery, carrying?: Promise<KeptDelivery>): Promise<DeliveryRecord> {
    const { deliveryId, status } = delivery;
    if (status !== 'pending' || !(carrying ?? this.#underWay.has(deliveryId))) return shown(delivery);
    const { told, forget } = this.#waiting.outcomeOf(deliveryId);
    try {
      const first = carrying?.then((kept) => (this.#retries(kept) ? told : kept));
      const outcomes = first ? [first, told] : [told];
      const outcome = await within(this.#deps.clock, this.#deps.answerWithinMs, Promise.race(outcomes));
      return shown(outcome ?? (await this.#asKept(delivery)));
    } finally {
      forget();
    }
  }

  #retries({ status }: KeptDelivery): boolean {
    return status === 'pending' && this.#host !== undefined && !this.#stopping;
  }

  async #asKept(delivery: KeptDelivery): Promise<KeptDelivery> {
    const found = await this.#store.get(delivery.deliveryId).catch(() => undefined);
    return found?.delivery ?? delivery;
  }

  /** Sees to one that is due: its next attempt, or one that never said how it ended. */
  async #seeTo(record: StoredRecord): Promise<void> {
    const delivery = keptIn(record);
    const held = { delivery, version: record.version };
    if (this.#stopping || delivery.status !== 'pending' || this.#underWay.has(delivery.deliveryId)) return;
    if (openAttempt(delivery)) return this.#endLost(held);
    const begun = await this.#store.beginNext(held);
    if (begun) await this.#carry(begun);
  }

  async #endLost({ delivery, version }: Held): Promise<void> {
    const end = ended(delivery, { status: 'unknown', error: LOST }, this.#endContext(this.#sinkOf(delivery)));
    if ((await this.#store.put(end, version)) !== undefined) this.#saw(end, true);
  }

  /** Where no other process can be alive on the store, what is under way and not by us was cut short. */
  async #findLost(): Promise<void> {
    const { storage, tables } = this.#deps;
    if (storage.supports.processes === 'many') return;
    const records = storage.records(tables.deliveries);
    for (let afterKey: string | undefined, more = true; more;) {
      const page = await records.list({
        where: { status: 'pending' },
        ...(afterKey !== undefined && { afterKey }),
      });
      for (const record of page.records) if (openAttempt(keptIn(record))) this.#due.take(record);
      afterKey = page.records.at(-1)?.key;
      ({ more } = page);
    }
  }

  async #stop(deadlineMs: number): Promise<void> {
    this.#due.stop();
    const relayed = this.#relay?.stop();
    this.#waiting.release();
    const ending = async () => {
      await this.#housekeeping.stop();
      await relayed;
      while (this.#work.size > 0) await Promise.allSettled(this.#work);
    };
    await within(this.#deps.clock, deadlineMs, ending());
    this.#givenUp = true;
    for (const controller of this.#underWay.values()) controller.abort();
  }

  #track<T>(work: Promise<T>): Promise<T> {
    this.#work.add(work);
    const forget = () => void this.#work.delete(work);
    work.then(forget, forget);
    return work;
  }

  #endContext(sink: DeliverySink | undefined): EndContext {
    const { clock, longestBackoffMs } = this.#deps;
    return { nowMs: clock.now(), idempotent: sink?.idempotent === true, longestBackoffMs };
  }

  #sinkOf({ resolution: { sink } }: KeptDelivery): DeliverySink | undefined {
    const sinks = this.#deps.sinks();
    return sinks.findLast((one) => one.carries?.(sink)) ?? sinks.findLast(({ name }) => name === sink);
  }

  #noSink(): string {
    const known = [...new Set(this.#deps.sinks().map(({ name }) => `"${name}"`))].join(', ') || 'none';
    return `no sink has that name; there are: ${known}`;
  }

  #expectOpen(what: string): void {
    if (!this.#stopping) return;
    throw new MobError('MOB_SHUTTING_DOWN', `Cannot ${what}: the delivery is shutting down`);
  }

  #complain(error: unknown): void {
    this.#host?.onError({ category: 'store_failure', error: `Deliveries: ${errorText(error)}` });
  }
}

function messageOf({ deliveryId, resolution, payload, from, interactionId, idempotencyKey }: KeptDelivery) {
  return {
    deliveryId,
    resolution,
    payload,
    ...(from !== undefined && { from }),
    ...(interactionId !== undefined && { interactionId }),
    ...(idempotencyKey !== undefined && { idempotencyKey }),
  };
}
