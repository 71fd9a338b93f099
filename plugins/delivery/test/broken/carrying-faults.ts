import { MobError } from '@mobkit/core';
import type { ModuleEventListener } from '@mobkit/core/ops';

import type { PlantedFault } from '../../../../packages/contract-kit/test/planted-faults.js';
import { type Breaking, by, carrying, doing, asked, telling, without } from './breaking.js';

export const carryingFaults: Record<string, PlantedFault<Breaking>> = {
  'shows no attempt that is under way': [
    'delivery.recorded',
    doing((sound) => ({
      history: async (query) => (await sound.history(query)).filter(({ status }) => status !== 'pending'),
    })),
  ],
  'forgets what the sink called it': [
    'delivery.recorded',
    carrying((sink) => ({
      async deliver(message, context) {
        const { sinkAdapter: _, ...receipt } = (await sink.deliver(message, context)) ?? {};
        return receipt;
      },
    })),
  ],
  'forgets what was said together': [
    'delivery.recorded',
    asked((request) => without(request, 'interactionId')),
  ],
  'answers what it did not keep': [
    'delivery.recorded',
    doing((sound) => ({
      get: async (deliveryId) => {
        const found = await sound.get(deliveryId);
        return found && { ...found, attempts: found.attempts.map((each) => without(each, 'endedAtMs')) };
      },
    })),
  ],
  'makes up what it does not know': [
    'delivery.recorded',
    doing((sound) => ({
      get: async (deliveryId) => (await sound.get(deliveryId)) ?? (await sound.history()).at(0),
    })),
  ],
  'makes every retry a delivery of its own': [
    'delivery.retried',
    doing((sound) => ({
      async send(request) {
        const once = by(request, { retryMax: 0 });
        let record = await sound.send(once);
        for (let n = 0; n < request.resolution.retryMax; n++) {
          if (record.status === 'failed' && record.attempts[0]?.status === 'transient_failure') {
            record = await sound.send(once);
          }
        }
        return record;
      },
    })),
  ],
  'does not say how long it waits': [
    'delivery.retried',
    doing((sound) => ({
      async send(request) {
        const record = await sound.send(request);
        return { ...record, attempts: record.attempts.map((each) => ({ ...each, backoffMs: 0 })) };
      },
    })),
  ],
  'waits for less than it says': [
    'delivery.retried',
    doing((sound) => ({
      async send(request) {
        const record = await sound.send(request);
        const longer = ({ backoffMs }: { backoffMs: number }) => backoffMs * 1_000;
        const attempts = record.attempts.map((each) => ({ ...each, backoffMs: longer(each) }));
        return { ...record, attempts };
      },
    })),
  ],
  'forgets why attempts failed once it was sent': [
    'delivery.retried',
    doing((sound) => ({
      async send(request) {
        const record = await sound.send(request);
        if (record.status !== 'sent') return record;
        return { ...record, attempts: record.attempts.map((each) => without(each, 'error')) };
      },
    })),
  ],
  'tries once more than the route says': [
    'delivery.exhausted',
    asked((request) => by(request, { retryMax: request.resolution.retryMax + 1 })),
  ],
  'tries once less than the route says': [
    'delivery.exhausted',
    asked((request) => by(request, { retryMax: request.resolution.retryMax - 1 })),
  ],
  'has no dead letters when retries are used up': [
    'delivery.exhausted',
    doing((sound) => ({
      dead: async (query) => (await sound.dead(query)).filter(({ attempts }) => attempts.length === 1),
    })),
  ],
  'tries what was refused for good again': [
    'delivery.failed',
    carrying((sink) => ({
      deliver: async (message, context) => {
        try {
          return await sink.deliver(message, context);
        } catch (error) {
          throw new MobError('kit/busy', (error as Error).message, { retryable: true });
        }
      },
    })),
  ],
  'tries again what nobody knows the end of': [
    'delivery.failed',
    carrying((sink) => ({
      async deliver(message, context) {
        const receipt = await sink.deliver(message, context);
        if (receipt?.unknown === undefined) return receipt;
        throw new MobError('kit/busy', receipt.unknown, { retryable: true });
      },
    })),
  ],
  'has no dead letter that nobody knows the end of': [
    'delivery.failed',
    doing((sound) => ({ dead: (query) => sound.history({ ...query, status: ['failed'] }) })),
  ],
  'lists all dead letters whichever are asked for': [
    'delivery.failed',
    doing((sound) => ({ dead: () => sound.dead() })),
  ],
  'tells of what was sent alone': [
    'delivery.event',
    telling((tell) => (event) => {
      if (JSON.stringify(event).includes('"status":"sent"')) tell(event);
    }),
  ],
  'tells twice': [
    'delivery.event',
    telling((tell) => (event) => {
      tell(event);
      tell(event);
    }),
  ],
  'tells of what it answers again': [
    'delivery.event',
    doing((sound) => {
      let tell: ModuleEventListener = () => {};
      const seen = new Set<string>();
      return {
        start: (host) => {
          ({ tell } = host);
          return sound.start(host);
        },
        async send(request) {
          const { deliveryId, ...record } = await sound.send(request);
          const event = { kind: 'module', module: 'delivery', eventType: 'send', payload: {} } as const;
          if (seen.has(deliveryId)) tell({ eventId: `again-${deliveryId}`, timestampMs: 0, event });
          seen.add(deliveryId);
          return { ...record, deliveryId };
        },
      };
    }),
  ],
  'gives all events one id': [
    'delivery.event',
    telling((tell) => (event) => tell({ ...event, eventId: 'evt' })),
  ],
};
