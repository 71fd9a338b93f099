import { randomUUID } from 'node:crypto';

import { type Clock, errorText, isMobError, MobError, type RecordStore } from '@mobkit/core';
import type { Delivery, DeliveryRecord, DeliveryRequest, DeliverySink } from '@mobkit/core/ops';

import { toRecord } from './deliveries.js';

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

  constructor({ records, sinks, clock }: RecordedDeliveryDeps) {
    this.#records = records;
    this.#sinks = sinks;
    this.#clock = clock;
  }

  async start(): Promise<void> {}

  async stop(): Promise<void> {}

  async send(request: DeliveryRequest): Promise<DeliveryRecord> {
    const startedAtMs = this.#clock.now();
    const started = { ...request, deliveryId: newId(startedAtMs), status: 'started', startedAtMs } as const;
    const version = await this.#keep(started, 0);
    try {
      await this.#sink(request.resolution.sink).deliver(started);
    } catch (cause) {
      throw await this.#fail(started, version, cause);
    }
    const sent = { ...started, status: 'sent', endedAtMs: this.#clock.now() } as const;
    try {
      await this.#keep(sent, version);
    } catch (cause) {
      const said = `${describe(sent)} was handed over, but that could not be recorded: do not send it again`;
      throw failure(sent, `${said} (${errorText(cause)})`, { cause, handedOver: true });
    }
    return sent;
  }

  #sink(name: string): DeliverySink {
    const sinks = this.#sinks();
    const sink = sinks.findLast((each) => each.name === name);
    if (sink) return sink;
    const known = [...new Set(sinks.map((each) => `"${each.name}"`))].join(', ') || 'none';
    throw new MobError('MOB_CONFIG_INVALID', `no sink has that name; there are: ${known}`);
  }

  /** Returns the error to throw. The sink's refusal stays its subject when it cannot be recorded either. */
  async #fail(started: DeliveryRecord, version: number, refusal: unknown): Promise<MobError> {
    const error = errorText(refusal);
    const failed: DeliveryRecord = { ...started, status: 'failed', error, endedAtMs: this.#clock.now() };
    const said = `${describe(failed)} failed: ${error}`;
    try {
      await this.#keep(failed, version);
    } catch (unrecorded) {
      const cause = new AggregateError([refusal, unrecorded], 'Refused, and that could not be recorded');
      return failure(failed, `${said}; its record could not be completed`, { cause, handedOver: false });
    }
    const retryable = isMobError(refusal) && refusal.retryable;
    return failure(failed, said, { cause: refusal, handedOver: false, retryable });
  }

  #keep(delivery: DeliveryRecord, expectedVersion: number): Promise<number> {
    return this.#records.put(delivery.deliveryId, toRecord(delivery), { expectedVersion });
  }
}

/** Sorts by time: milliseconds have 13 digits until the year 2286. */
function newId(nowMs: number): string {
  return `${nowMs.toString().padStart(13, '0')}-${randomUUID()}`;
}

function describe({ deliveryId, resolution: { recipient, sink } }: DeliveryRecord): string {
  return `Delivery ${deliveryId} to "${recipient}" through "${sink}"`;
}

interface Failure {
  readonly cause: unknown;
  readonly handedOver: boolean;
  readonly retryable?: boolean;
}

function failure(
  delivery: DeliveryRecord,
  message: string,
  { cause, handedOver, retryable = false }: Failure,
) {
  const { deliveryId, resolution } = delivery;
  const details = { deliveryId, recipient: resolution.recipient, sink: resolution.sink, handedOver };
  return new MobError('MOB_DELIVERY_FAILED', message, { cause, retryable, details });
}
