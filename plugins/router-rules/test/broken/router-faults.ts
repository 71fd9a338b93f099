import type { RouterParts } from '@mobkit/contract-kit';
import { isMobError, MobError } from '@mobkit/core';
import type { Resolution, Router, RouteTable } from '@mobkit/core/ops';

import type { PlantedFault } from '../../../../packages/contract-kit/test/planted-faults.js';
import { openRulesRouter } from '../../src/open.js';

/** Opens a router that is broken in one way. */
export type Breaking = (parts: RouterParts) => Promise<Router>;

export const open: Breaking = ({ fixed, ...parts }) => openRulesRouter({ ...parts, routes: fixed });

export const routerFaults: Record<string, PlantedFault<Breaking>> = {
  'sends everything that looks like nothing to the log': [
    'form',
    doing((sound) => ({
      resolve: (request) =>
        sound.resolve(request).catch((error: unknown) => {
          if (!isMobError(error, 'MOB_ROUTE_UNRESOLVED')) throw error;
          return sound.resolve({ ...request, recipient: 'log@localhost' });
        }),
    })),
  ],
  'takes an address with an @ in it for mail': [
    'form',
    seen((one) => ({ ...one, sink: one.recipient.includes('@') ? 'email' : one.sink })),
  ],
  'retries more than it should where nobody says': ['defaults', seen((one) => ({ ...one, retryMax: 2 }))],
  'keeps white space of a recipient': [
    'defaults',
    seen((one) => ({ ...one, recipient: ` ${one.recipient} ` })),
  ],
  'decides by the last route between equals': [
    'precedence',
    renaming((key) => Array.from(key, turned).join('')),
  ],
  'takes recipients whatever their case': [
    'precedence',
    doing((sound) => ({
      resolve: (request) => sound.resolve({ ...request, recipient: request.recipient.toLowerCase() }),
    })),
  ],
  'takes limits of who asks over those of the route': [
    'route',
    doing((sound) => ({
      resolve: async (request) => ({ ...(await sound.resolve(request)), retryMax: request.retryMax ?? 1 }),
    })),
  ],
  'hands everything to the delivery': ['route', seen((one) => ({ ...one, targetModule: 'delivery' }))],
  'takes what is too much for as much as there may be': [
    'arguments',
    doing((sound) => ({
      resolve: ({ retryMax, ...request }) =>
        sound.resolve({ ...request, ...(retryMax !== undefined && { retryMax: Math.min(retryMax, 10) }) }),
    })),
  ],
  'asks nobody for advice': ['advice', given(() => ({ advisor: () => undefined }))],
  'takes what was asked for over advice': [
    'advice',
    doing((sound) => ({
      async resolve(request) {
        const resolution = await sound.resolve(request);
        return { ...resolution, retryMax: request.retryMax ?? resolution.retryMax };
      },
    })),
  ],
  'takes the form of a recipient over advice': [
    'advice',
    seen((resolution) =>
      resolution.recipient.includes('@') ? { ...resolution, sink: 'email' } : resolution,
    ),
  ],
  'goes on without advice': [
    'advice-failure',
    given(({ advisor }) => ({
      advisor: () => ({
        advise: (asked) =>
          advisor()!
            .advise(asked)
            .catch(() => undefined),
      }),
    })),
  ],
  'answers another route than it keeps': [
    'table',
    tabled((table) => ({ put: async (route) => ({ ...(await table.put(route)), ...route }) })),
  ],
  'takes away what is not there': [
    'table',
    tabled((table) => ({
      delete: async (key) => (await table.delete(key)) ?? { routeKey: key, recipient: 'ops', sink: 'log' },
    })),
  ],
  'takes away a route that it refuses': [
    'refused',
    tabled((table) => ({
      put: (route) =>
        table.put(route).catch(async (error: unknown) => {
          await table.delete(route.routeKey.trim());
          throw error;
        }),
    })),
  ],
  'takes any limit of a route': [
    'refused',
    tabled((table) => ({
      put: (route) =>
        table.put(
          route.retryMax === undefined ? route : { ...route, retryMax: Math.min(route.retryMax, 10) },
        ),
    })),
  ],
  'changes what is fixed': [
    'fixed',
    tabled((table) => ({
      delete: (key) =>
        table.delete(key).catch((error: unknown) => {
          if (isMobError(error, 'MOB_CONFLICT')) return undefined;
          throw error;
        }),
    })),
  ],
  'takes kept routes first': [
    'fixed',
    doing((sound) => ({ routes: async () => (await sound.routes()).toReversed() })),
  ],
  'remembers what it has resolved': [
    'shared',
    doing((sound) => {
      const known = new Map<string, Promise<Resolution>>();
      return {
        resolve(request) {
          const asked = JSON.stringify(request);
          const resolution = known.get(asked) ?? sound.resolve(request);
          known.set(asked, resolution);
          return resolution;
        },
      };
    }),
  ],
  'keeps the routes of all mobs together': ['mobs', given(() => ({ mobId: 'crew' }))],
  'keeps a page of routes': [
    'many',
    doing((sound) => ({ routes: async () => (await sound.routes()).slice(0, 256) })),
  ],
  'believes each resolution here alone': [
    'trust',
    doing((sound) => {
      const own = new Set<string>();
      return {
        async resolve(request) {
          const resolution = await sound.resolve(request);
          own.add(resolution.routeId);
          return resolution;
        },
        async verify(resolution) {
          if (!own.has(resolution.routeId)) throw untrusted('unknown');
          return sound.verify(resolution);
        },
      };
    }),
  ],
  'believes no resolution of a route that is gone': [
    'trust',
    doing((sound) => ({
      async verify(resolution) {
        await sound.verify(resolution);
        const { routeKey } = resolution;
        const known = (await sound.routes()).some((route) => route.routeKey === routeKey);
        if (routeKey !== undefined && !known) throw untrusted('unknown');
      },
    })),
  ],
  'believes everything': ['unknown', doing(() => ({ verify: async () => {} }))],
  'believes what is of another mob': ['unknown', given(() => ({ mobId: 'crew' }))],
  ...Object.fromEntries(
    (
      ['recipient', 'channel', 'sink', 'targetModule', 'retryMax', 'backoffMs', 'rateLimitPerMinute'] as const
    ).map((field) => [`does not look at ${field}`, ['forged', believing(field)] as const]),
  ),
  'believes for ever': ['expired', given(() => ({ validForMs: 1_000_000_000 }))],
  'takes what is old for a forgery': [
    'expired',
    doing((sound) => ({
      verify: (resolution) =>
        sound.verify(resolution).catch(() => {
          throw untrusted('forged');
        }),
    })),
  ],
  'takes a forgery that is old for old': [
    'expired',
    doing((sound, { clock }) => ({
      verify: (resolution) =>
        sound.verify(resolution).catch(() => {
          throw untrusted(clock.now() > 1_000_000 ? 'expired' : 'forged');
        }),
    })),
  ],
  'tells after its caller has it': [
    'told',
    doing((sound) => ({
      onResolved: (listener) =>
        sound.onResolved((resolution) => void setImmediate(() => listener(resolution))),
    })),
  ],
  'tells whoever does not listen any more': [
    'told',
    doing((sound) => ({
      onResolved(listener) {
        sound.onResolved(listener);
        return () => {};
      },
    })),
  ],
};

/** One that does some things in another way. */
function doing(change: (sound: Router, parts: RouterParts) => Partial<Router>): Breaking {
  return async (parts) => {
    const sound = await open(parts);
    return {
      resolve: (request) => sound.resolve(request),
      verify: (resolution) => sound.verify(resolution),
      onResolved: (listener) => sound.onResolved(listener),
      routes: () => sound.routes(),
      ...(sound.table && { table: sound.table }),
      ...change(sound, parts),
    };
  };
}

function given(change: (parts: RouterParts) => Partial<RouterParts>): Breaking {
  return (parts) => open({ ...parts, ...change(parts) });
}

/** One whose table does some things in another way. */
function tabled(change: (table: RouteTable) => Partial<RouteTable>): Breaking {
  return doing(({ table }) => (table ? { table: { ...table, ...change(table) } } : {}));
}

/** One that gives out something else than it has sealed. */
function seen(change: (resolution: Resolution) => Resolution): Breaking {
  return doing((sound) => ({ resolve: async (request) => change(await sound.resolve(request)) }));
}

/** One that keeps routes under other keys than it shows. */
function renaming(turn: (key: string) => string): Breaking {
  return doing((sound) => ({
    async resolve(request) {
      const resolution = await sound.resolve(request);
      const { routeKey, recipient, channel } = resolution;
      const of = (await sound.routes()).find((route) => route.routeKey === routeKey);
      const equal = (await sound.routes())
        .filter((route) => route.recipient === of?.recipient && route.channel === of.channel)
        .toSorted((one, other) => (turn(one.routeKey) < turn(other.routeKey) ? -1 : 1));
      return { ...resolution, recipient, channel, ...(equal[0] && { routeKey: equal[0].routeKey }) };
    },
  }));
}

/** Turns an order round. */
function turned(letter: string): string {
  return String.fromCharCode(0xffff - letter.charCodeAt(0));
}

/** One that takes this field as it was given out, whatever it is. */
function believing(field: keyof Resolution): Breaking {
  return doing((sound) => {
    const out = new Map<string, Resolution>();
    return {
      async resolve(request) {
        const resolution = await sound.resolve(request);
        out.set(resolution.routeId, resolution);
        return resolution;
      },
      verify(resolution) {
        const first = out.get(resolution.routeId);
        return sound.verify(first ? { ...resolution, [field]: first[field] } : resolution);
      },
    };
  });
}

function untrusted(reason: string): MobError {
  return new MobError('MOB_ROUTE_UNTRUSTED', reason, { details: { reason } });
}
