import { isMobError } from '@mobkit/core';
import type { DeliveryRecord } from '@mobkit/core/ops';

import type { PlantedFault } from '../../../../packages/contract-kit/test/planted-faults.js';
import { openDelivery } from '../../src/open.js';
import { type Breaking, by, carrying, doing, given, under, unversioned, without } from './breaking.js';

export const keepingFaults: Record<string, PlantedFault<Breaking>> = {
  'lists the newest first': [
    'delivery.history',
    doing((sound) => ({ history: async (query) => (await sound.history(query)).toReversed() })),
  ],
  'lists the oldest when there are more': [
    'delivery.history',
    doing((sound) => ({
      async history(query = {}) {
        await sound.history(query);
        return (await sound.history({ ...query, limit: 200 })).slice(0, query.limit ?? 20);
      },
    })),
  ],
  'takes `before` for a part of its page': [
    'delivery.history',
    doing((sound) => ({
      async history(query = {}) {
        const { before, ...rest } = query;
        const page = await sound.history(query);
        const at = before === undefined ? undefined : await sound.get(before);
        return at && rest.limit !== undefined ? [...page, at].slice(-rest.limit) : page;
      },
    })),
  ],
  'does not look at the recipient': ['delivery.history', blindTo('recipient')],
  'does not look at the sink': ['delivery.history', blindTo('sink')],
  'does not look at the status': ['delivery.history', blindTo('status')],
  'knows nothing of a status that has company': [
    'delivery.history',
    doing((sound) => ({
      history: async (query = {}) => ((query.status?.length ?? 1) > 1 ? [] : sound.history(query)),
    })),
  ],
  'lists whatever it is asked for, up to its limit': [
    'delivery.history',
    doing((sound) => ({
      history: ({ limit = 20, ...query } = {}) =>
        sound.history({ ...query, limit: Math.min(Math.max(limit, 1), 200) }),
    })),
  ],
  'lists everything where it is told no limit': [
    'delivery.history',
    doing((sound) => ({ history: (query) => sound.history({ limit: 200, ...query }) })),
  ],
  'redrives as a delivery of its own': ['delivery.redriven', redriving(under)],
  'limits what is sent again': [
    'delivery.redriven',
    doing((sound) => ({
      async redrive(deliveryId) {
        const found = await sound.get(deliveryId);
        if (found) await sound.send(by(under(found), { routeId: 'genuine' }));
        return sound.redrive(deliveryId);
      },
    })),
  ],
  'gives what is sent again one try': [
    'delivery.redriven',
    doing((sound) => ({
      async redrive(deliveryId) {
        const record = await sound.redrive(deliveryId);
        return { ...record, attempts: record.attempts.slice(0, 3) };
      },
    })),
  ],
  'goes on showing what was sent again as dead': [
    'delivery.redriven',
    doing((sound) => {
      const dead: DeliveryRecord[] = [];
      return {
        async redrive(deliveryId) {
          dead.push(...(await sound.dead()));
          return sound.redrive(deliveryId);
        },
        dead: async () => [...dead, ...(await sound.dead())],
      };
    }),
  ],
  'redrives what was sent': [
    'delivery.redriven',
    doing((sound) => ({
      redrive: (deliveryId) =>
        sound.redrive(deliveryId).catch(async (error: unknown) => {
          const found = await sound.get(deliveryId);
          if (!found || !isMobError(error, 'MOB_CONFLICT')) throw error;
          return found;
        }),
    })),
  ],
  'redrives nothing that nobody knows the end of': [
    'delivery.redriven-once',
    doing((sound) => ({
      async redrive(deliveryId) {
        const found = await sound.get(deliveryId);
        return found?.status === 'unknown' ? found : sound.redrive(deliveryId);
      },
    })),
  ],
  'redrives as often as it is asked at once': ['delivery.redriven-once', given(unversioned)],
  'makes an attempt of a process that died again': ['delivery.crash', carrying(() => ({ idempotent: true }))],
  'looks for nothing that was cut short': [
    'delivery.crash',
    doing(() => ({ start: async () => {} })),
    'in vain',
  ],
  'takes what was cut short for failed': [
    'delivery.crash',
    doing((sound) => ({
      async get(deliveryId) {
        const found = await sound.get(deliveryId);
        return found?.status === 'unknown' ? { ...found, status: 'failed' } : found;
      },
    })),
  ],
  'sends anew what nobody knows the end of': [
    'delivery.crash',
    doing((sound) => ({
      async send(request) {
        const record = await sound.send(request);
        return record.status === 'unknown' ? sound.send(under(request)) : record;
      },
    })),
  ],
  'never makes an attempt again that was cut short': [
    'delivery.crash-retried',
    carrying(() => ({ idempotent: false })),
  ],
  'makes an attempt that was cut short again as another message': [
    'delivery.crash-retried',
    carrying((sink) => ({
      deliver: (message, context) =>
        sink.deliver({ ...message, deliveryId: `${message.deliveryId}-${context.attempt}` }, context),
    })),
  ],
  'does not wait for what is under way when it stops': [
    'delivery.stop',
    doing((sound) => ({ stop: async (options) => void sound.stop(options) })),
  ],
  'gives up what is under way when it stops': [
    'delivery.stop',
    doing((sound) => ({ stop: () => sound.stop({ deadlineMs: 0 }) })),
  ],
  'sends while it stops': [
    'delivery.stop',
    doing((sound, parts) => ({
      send: (request) =>
        sound.send(request).catch(async (error: unknown) => {
          if (!isMobError(error, 'MOB_SHUTTING_DOWN')) throw error;
          const sinks = parts.sinks().map((sink) => ({ ...sink, deliver: async () => {} }));
          return (await openDelivery({ ...parts, sinks: () => sinks })).send(request);
        }),
    })),
  ],
  'redrives while it stops': [
    'delivery.stop',
    doing((sound, parts) => ({
      redrive: (deliveryId) =>
        sound.redrive(deliveryId).catch(async (error: unknown) => {
          if (!isMobError(error, 'MOB_SHUTTING_DOWN')) throw error;
          return (await openDelivery(parts)).redrive(deliveryId);
        }),
    })),
  ],
};

function blindTo(field: 'recipient' | 'sink' | 'status'): Breaking {
  return doing((sound) => ({ history: (query = {}) => sound.history(without(query, field)) }));
}

/** Sends what was to be sent again as something else. */
function redriving(change: (record: DeliveryRecord) => Parameters<typeof under>[0]): Breaking {
  return doing((sound) => ({
    async redrive(deliveryId) {
      const found = await sound.get(deliveryId);
      return found ? sound.send(change(found)) : sound.redrive(deliveryId);
    },
  }));
}
