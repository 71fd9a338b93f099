import { type Clock, copyJson, errorText, isMobError, MobError, type RecordStore } from '@mobkit/core';
import type {
  Delivery,
  DeliveryAttempt,
  DeliveryQuery,
  DeliveryRecord,
  DeliveryRequest,
  DeliverySink,
} from '@mobkit/core/ops';

import { deliveryIds } from './delivery-ids.js';
import { fromRecord, keyOf, toRecord } from './delivery-records.js';
import { readDeliveries } from './read-deliveries.js';

interface RecordedDeliveryDeps {
  readonly records: RecordStore;
  readonly sinks: () => readonly DeliverySink[];
  readonly clock: Clock;
}

/** One attempt for each message, written down before the sink is called and after. */
export class RecordedDelivery implements Delivery {
  readonly #records: RecordStore;
  readonly #sinks: () => readonly DeliverySink[];
  readonly #clock: Clock;
  readonly #newId = deliveryIds();

  constructor({ records, sinks, clock }: RecordedDeliveryDeps) {
    this.#records = records;
    this.#sinks = sinks;
    this.#clock = clock;
  }

  async start(): Promise<void> {}

  async stop(): Promise<void> {}

  async send(request: DeliveryRequest): Promise<DeliveryRecord> {
    const payload = copyJson(request.payload, 'payload', (field, problem) => {
      throw new TypeError(`${field} ${problem}`);
    });
    const deliveryId = this.#newId(this.#clock.now());
    return this.#attempt({ ...request, payload, deliveryId, status: 'pending', attempts: [] }, 0);
  }

  async get(deliveryId: string): Promise<DeliveryRecord | undefined> {
    const found = await this.#records.get(keyOf(deliveryId));
    return found && fromRecord(found);
  }

  history(query?: DeliveryQuery): Promise<readonly DeliveryRecord[]> {
    return readDeliveries(this.#records, query);
  }

  dead(query: Omit<DeliveryQuery, 'status'> = {}): Promise<readonly DeliveryRecord[]> {
    return readDeliveries(this.#records, { ...query, status: ['failed', 'unknown'] });
  }

  async redrive(deliveryId: string): Promise<DeliveryRecord> {
    const found = await this.#records.get(keyOf(deliveryId));
    if (!found) {
      throw new MobError('MOB_DELIVERY_NOT_FOUND', `There is no delivery "${deliveryId}"`, {
        details: { deliveryId },
      });
    }
    const delivery = fromRecord(found);
    if (delivery.status === 'failed' || delivery.status === 'unknown')
      return this.#attempt(delivery, found.version);
    throw new MobError(
      'MOB_CONFLICT',
      `Delivery ${deliveryId} is ${delivery.status}: only dead letters are sent again`,
    );
  }

  async #attempt(delivery: DeliveryRecord, keptVersion: number): Promise<DeliveryRecord> {
    const attempt = delivery.attempts.length + 1;
    const begun = { attempt, status: 'started', startedAtMs: this.#clock.now(), backoffMs: 0 } as const;
    const pending = { ...delivery, status: 'pending', attempts: [...delivery.attempts, begun] } as const;
    const version = await this.#keep(pending, keptVersion);
    const sink = this.#sinks().findLast(({ name }) => name === delivery.resolution.sink);
    let ended: DeliveryRecord;
    try {
      if (!sink) throw this.#noSink();
      const receipt = await sink.deliver(delivery, { signal: new AbortController().signal, attempt });
      const { sinkAdapter, unknown } = receipt ?? {};
      const status = unknown === undefined ? 'sent' : 'unknown';
      ended = this.#end(pending, { status, ...(unknown !== undefined && { error: unknown }) });
      if (sinkAdapter !== undefined) ended = { ...ended, sinkAdapter };
    } catch (refusal) {
      ended = this.#end(pending, { status: 'failed', error: errorText(refusal) });
    }
    try {
      await this.#keep(ended, version);
    } catch (cause) {
      if (ended.status !== 'sent' || isMobError(cause, 'MOB_CONFLICT')) throw cause;
      const { recipient, sink: through } = delivery.resolution;
      throw new MobError(
        'MOB_DELIVERY_FAILED',
        `Delivery ${delivery.deliveryId} to "${recipient}" through "${through}" was handed over, but that could not be recorded: do not send it again (${errorText(cause)})`,
        { cause, details: { deliveryId: delivery.deliveryId, recipient, sink: through, handedOver: true } },
      );
    }
    return ended;
  }

  #end(
    pending: DeliveryRecord,
    outcome: Pick<DeliveryAttempt, 'error'> & { readonly status: 'sent' | 'failed' | 'unknown' },
  ): DeliveryRecord {
    const attempts = pending.attempts.map((each, at, { length }) =>
      at === length - 1 ? { ...each, ...outcome, endedAtMs: this.#clock.now() } : each,
    );
    return { ...pending, status: outcome.status, attempts };
  }

  #noSink(): MobError {
    const known = [...new Set(this.#sinks().map((each) => `"${each.name}"`))].join(', ') || 'none';
    return new MobError('MOB_CONFIG_INVALID', `no sink has that name; there are: ${known}`);
  }

  #keep(delivery: DeliveryRecord, expectedVersion: number): Promise<number> {
    return this.#records.put(keyOf(delivery.deliveryId), toRecord(delivery), { expectedVersion });
  }
}
