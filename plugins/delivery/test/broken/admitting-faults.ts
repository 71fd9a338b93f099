import { isMobError, MobError, type MobErrorCode, systemClock } from '@mobkit/core';
import type { Delivery, DeliveryRecord, DeliveryRequest, Resolution } from '@mobkit/core/ops';

import type { PlantedFault } from '../../../../packages/contract-kit/test/planted-faults.js';
import { asked, type Breaking, by, doing, given, under, unversioned } from './breaking.js';

export const admittingFaults: Record<string, PlantedFault<Breaking>> = {
  'knows no keys': ['delivery.idempotent', asked((request) => under(request))],
  'counts a key for any recipient': [
    'delivery.idempotent',
    known(({ resolution: { channel, sink } }) => [channel, sink]),
  ],
  'counts a key for any channel': [
    'delivery.idempotent',
    known(({ resolution: { recipient, sink } }) => [recipient, sink]),
  ],
  'counts a key for any sink': [
    'delivery.idempotent',
    known(({ resolution: { recipient, channel } }) => [recipient, channel]),
  ],
  'counts a key for one resolution': ['delivery.idempotent', known(({ resolution }) => [resolution])],
  'takes the same message for the same delivery': [
    'delivery.idempotent',
    asked((request) => ({ idempotencyKey: JSON.stringify(request.payload), ...request })),
  ],
  'answers a key with what it stands for, but for its end': [
    'delivery.idempotent',
    doing((sound) => {
      const seen = new Set<string>();
      return {
        async send(request) {
          const record = await sound.send(request);
          if (!seen.has(record.deliveryId)) return (seen.add(record.deliveryId), record);
          return { ...record, status: 'pending', attempts: [] };
        },
      };
    }),
  ],
  'takes any payload for a key': [
    'delivery.mismatch',
    doing((sound) => ({
      send: (request) => sound.send(request).catch(firstOf(sound, 'MOB_IDEMPOTENCY_MISMATCH')),
    })),
  ],
  'takes the order of fields for a part of the payload': [
    'delivery.mismatch',
    doing((sound) => {
      let first = '';
      return {
        async send(request) {
          first ||= JSON.stringify(request.payload);
          if (first === JSON.stringify(request.payload)) return sound.send(request);
          throw new MobError('MOB_IDEMPOTENCY_MISMATCH', 'not as it was');
        },
      };
    }),
  ],
  'sends what it refuses because of its key': [
    'delivery.mismatch',
    sendingRefused('MOB_IDEMPOTENCY_MISMATCH'),
  ],
  'keeps its keys to itself': [
    'delivery.once',
    doing((sound) => {
      const own = `${Math.random()}`;
      return {
        send: (request) =>
          sound.send(under(request, request.idempotencyKey && `${request.idempotencyKey} ${own}`)),
      };
    }),
  ],
  'writes keys and limits over whatever is there': ['delivery.once', given(unversioned)],
  'looks for a key before it takes it': [
    'delivery.once',
    doing((sound) => ({
      async send(request) {
        const records = await sound.history();
        const first = records.find(({ idempotencyKey }) => idempotencyKey === request.idempotencyKey);
        return first ?? sound.send(under(request));
      },
    })),
  ],
  'answers a key for ever with what failed': [
    'delivery.sent-anew',
    doing((sound) => {
      const kept = new Map<string, DeliveryRecord>();
      return {
        async send(request) {
          const { idempotencyKey = '' } = request;
          const record = kept.get(idempotencyKey) ?? (await sound.send(request));
          if (idempotencyKey) kept.set(idempotencyKey, record);
          return record;
        },
      };
    }),
  ],
  'redrives what was sent anew': [
    'delivery.sent-anew',
    doing((sound) => ({
      redrive: (deliveryId) => sound.redrive(deliveryId).catch(again(sound, deliveryId)),
    })),
  ],
  'redrives what failed when its key comes again': [
    'delivery.sent-anew',
    doing((sound) => ({
      async send(request) {
        const [dead] = await sound.dead();
        return dead && dead.idempotencyKey === request.idempotencyKey
          ? sound.redrive(dead.deliveryId)
          : sound.send(request);
      },
    })),
  ],
  'sends a key anew each time after it has failed': [
    'delivery.sent-anew',
    doing((sound) => ({
      send: async (request) => sound.send((await sound.dead()).length > 0 ? under(request) : request),
    })),
  ],
  'knows no limit': ['delivery.rate', asked((request) => by(request, { rateLimitPerMinute: 1_000 }))],
  'limits each channel': [
    'delivery.rate',
    limiting(({ recipient, channel, sink }) => [recipient, channel, sink]),
  ],
  'limits all recipients of a sink': ['delivery.rate', limiting(({ sink }) => [sink])],
  'limits all sinks of a recipient': ['delivery.rate', limiting(({ recipient }) => [recipient])],
  'counts what it refuses': ['delivery.rate', limiting(({ recipient, sink }) => [recipient, sink], 1)],
  'does not say how long to wait': [
    'delivery.rate',
    doing((sound) => ({
      send: (request) =>
        sound.send(request).catch((error: unknown) => {
          if (!isMobError(error, 'MOB_RATE_LIMITED')) throw error;
          const { retryAfterMs: _, ...details } = error.details;
          throw new MobError('MOB_RATE_LIMITED', error.message, { retryable: true, details });
        }),
    })),
  ],
  'lets a minute pass before it sends again': [
    'delivery.rate',
    given(({ clock = systemClock }) => {
      const minute = () => clock.now() - (clock.now() % 60_000);
      return { clock: { now: minute, after: (ms, run, options) => clock.after(ms, run, options) } };
    }),
  ],
  'sends what is too much': ['delivery.rate', sendingRefused('MOB_RATE_LIMITED')],
  'keeps what is too much as failed': [
    'delivery.rate',
    doing((sound) => ({
      send: (request) =>
        sound.send(request).catch(async (error: unknown) => {
          if (isMobError(error, 'MOB_RATE_LIMITED')) await sound.send(by(request, { sink: 'none' }));
          throw error;
        }),
    })),
  ],
  'trusts everybody': ['delivery.untrusted', given(() => ({ trust: async () => {} }))],
  'trusts who knows a key': [
    'delivery.untrusted',
    doing((sound) => ({
      send: (request) =>
        sound.send(request).catch(firstOf(sound, 'MOB_ROUTE_UNTRUSTED', request.idempotencyKey)),
    })),
  ],
  'carries what is for another module': [
    'delivery.untrusted',
    asked((request) => by(request, { targetModule: 'delivery' })),
  ],
  'refuses what it has sent': ['delivery.untrusted', sendingRefused('MOB_ROUTE_UNTRUSTED')],
  'records what it refuses': [
    'delivery.untrusted',
    doing((sound) => ({
      send: (request) =>
        sound.send(request).catch(async (error: unknown) => {
          await sound.send(by(request, { routeId: 'genuine', targetModule: 'delivery', sink: 'none' }));
          throw error;
        }),
    })),
  ],
};

/** A key stands for what is named beside it. */
function known(beside: (request: DeliveryRequest) => readonly unknown[]): Breaking {
  return doing((sound) => {
    const kept = new Map<string, DeliveryRecord>();
    return {
      async send(request) {
        const { idempotencyKey } = request;
        if (idempotencyKey === undefined) return sound.send(request);
        const key = JSON.stringify([idempotencyKey, ...beside(request)]);
        const record = kept.get(key) ?? (await sound.send(under(request, key)));
        kept.set(key, record);
        return record;
      },
    };
  });
}

/** Refuses, and lets the sink have it all the same. */
function sendingRefused(code: MobErrorCode): Breaking {
  return doing((sound, { sinks }) => ({
    send: (request) =>
      sound.send(request).catch(async (error: unknown) => {
        const context = { attempt: 1, signal: new AbortController().signal };
        if (isMobError(error, code)) await sinks()[0]?.deliver({ ...request, deliveryId: 'none' }, context);
        throw error;
      }),
  }));
}

/** A limit of its own, for what is named, of which each refusal takes something, too. */
function limiting(named: (resolution: Resolution) => readonly unknown[], refusalCosts = 0): Breaking {
  return doing((sound, { clock = systemClock }) => {
    const buckets = new Map<string, { left: number; atMs: number }>();
    return {
      async send(request) {
        const { resolution } = request;
        const { recipient, sink, rateLimitPerMinute: limit } = resolution;
        const nowMs = clock.now();
        const key = JSON.stringify(named(resolution));
        const { left, atMs } = buckets.get(key) ?? { left: limit, atMs: nowMs };
        const now = Math.min(limit, left + ((nowMs - atMs) * limit) / 60_000);
        buckets.set(key, { left: now - (now >= 1 ? 1 : refusalCosts), atMs: nowMs });
        if (now >= 1) return sound.send(by(request, { rateLimitPerMinute: 1_000 }));
        const retryAfterMs = Math.ceil(((1 - now) * 60_000) / limit);
        const details = { sink, recipient, limit, retryAfterMs };
        throw new MobError('MOB_RATE_LIMITED', 'too much', { retryable: true, details });
      },
    };
  });
}

/** Instead of an error, the first of that key. */
function firstOf(sound: Delivery, code: MobErrorCode, key = 'k') {
  return async (error: unknown): Promise<DeliveryRecord> => {
    const first = (await sound.history()).find(({ idempotencyKey }) => idempotencyKey === key);
    if (!first || !isMobError(error, code)) throw error;
    return first;
  };
}

/** Instead of an error, the same as a delivery of its own. */
function again(sound: Delivery, deliveryId: string) {
  return async (error: unknown): Promise<DeliveryRecord> => {
    const found = await sound.get(deliveryId);
    if (!found) throw error;
    return sound.send(under(found));
  };
}
