import type { GivenToDelivery } from '@mobkit/contract-kit';
import type { Storage } from '@mobkit/core';
import type {
  Delivery,
  DeliveryRequest,
  DeliverySink,
  ModuleEventListener,
  Resolution,
} from '@mobkit/core/ops';

import { openDelivery } from '../../src/open.js';

export interface Given extends GivenToDelivery {
  readonly storage: Storage;
}

/** Opens a delivery that is broken in one way. */
export type Breaking = (given: Given) => Promise<Delivery>;

/** One that does some things in another way. */
export function doing(change: (sound: Delivery, parts: Given) => Partial<Delivery>): Breaking {
  return async (parts) => {
    const sound = await openDelivery(parts);
    return {
      start: (host) => sound.start(host),
      stop: (options) => sound.stop(options),
      send: (request) => sound.send(request),
      get: (deliveryId) => sound.get(deliveryId),
      history: (query) => sound.history(query),
      dead: (query) => sound.dead(query),
      redrive: (deliveryId) => sound.redrive(deliveryId),
      ...change(sound, parts),
    };
  };
}

/** One that is given something else. */
export function given(change: (given: Given) => Partial<Given>): Breaking {
  return (sound) => openDelivery({ ...sound, ...change(sound) });
}

/** One whose sinks do something else. */
export function carrying(change: (sink: DeliverySink) => Partial<DeliverySink>): Breaking {
  return given(({ sinks }) => {
    const changed = sinks().map((sink) => ({ ...sink, ...change(sink) }));
    return { sinks: () => changed };
  });
}

/** One that hears something else from its callers. */
export function asked(change: (request: DeliveryRequest) => DeliveryRequest): Breaking {
  return doing((sound) => ({ send: (request) => sound.send(change(request)) }));
}

/** One that tells of itself in another way. */
export function telling(change: (tell: ModuleEventListener) => ModuleEventListener): Breaking {
  return doing((sound) => ({ start: (host) => sound.start({ ...host, tell: change(host.tell) }) }));
}

/** The request, by another resolution. */
export function by(request: DeliveryRequest, change: Partial<Resolution>): DeliveryRequest {
  return { ...request, resolution: { ...request.resolution, ...change } };
}

/** The request, under another key or none. */
export function under(request: DeliveryRequest, idempotencyKey?: string): DeliveryRequest {
  return { ...without(request, 'idempotencyKey'), ...(idempotencyKey !== undefined && { idempotencyKey }) };
}

/** A storage in which what is written over is not looked at. */
export function unversioned({ storage }: Given): Pick<Given, 'storage'> {
  return {
    storage: {
      supports: storage.supports,
      prepare: (definitions) => storage.prepare(definitions),
      log: (definition, partition) => storage.log(definition, partition),
      contents: () => storage.contents(),
      records: (definition) => {
        const records = storage.records(definition);
        return { ...records, put: (key, record) => records.put(key, record) };
      },
      commit: (write) =>
        storage.commit({
          ...write,
          ...(write.puts && { puts: write.puts.map((put) => without(put, 'expectedVersion')) }),
        }),
    },
  };
}

export function without<T extends object, K extends keyof T>(value: T, name: K): Omit<T, K> {
  const { [name]: _, ...rest } = value;
  return rest;
}
