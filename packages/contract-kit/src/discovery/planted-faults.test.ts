import {
  type AgentDiscoverySpec,
  type DesiredPeerEdge,
  type Discovery,
  type DiscoveryWatcher,
  type EdgeDiscovery,
  MobError,
} from '@mobkit/core';
import { expect, it } from 'vitest';

import { edgePromises } from './edges.js';
import { discoveryPromises } from './roster.js';
import type { OpenedSource, Promised, SourceHarness } from './source.js';

/** Turns of the event loop: plenty for a source in memory, which waits for nothing else. A broken one may wait for ever. */
const MOST_TURNS = 50;

it('[kit.discovery-sound] finds nothing wrong with a sound source', async () => {
  expect(await failed(discoveryPromises, rosterHarness())).toEqual([]);
  expect(await failed(edgePromises, edgeHarness())).toEqual([]);
});

type Ask = (context: { readonly signal: AbortSignal }) => Promise<AgentDiscoverySpec[]>;

const rosterFaults: Record<string, [chapter: string, breaking: (ask: Ask) => Ask]> = {
  'sorts by identity': [
    'answer',
    (ask) => async (context) => (await ask(context)).toSorted((a, b) => (a.identity < b.identity ? -1 : 1)),
  ],
  'gives a page of a hundred': ['size', (ask) => async (context) => (await ask(context)).slice(0, 100)],
  'writes null where nothing is': [
    'absence',
    (ask) => async (context) =>
      (await ask(context)).map((spec) => ('labels' in spec || 'context' in spec ? spec : padded(spec))),
  ],
  'hangs the second of two callers at once': [
    'overlap',
    (ask) => {
      let busy = false;
      return async (context) => {
        if (busy) return new Promise(() => {});
        busy = true;
        try {
          await turns(1);
          return await ask(context);
        } finally {
          busy = false;
        }
      };
    },
  ],
  'answers nobody when it does not know': [
    'failure',
    (ask) => (context) => ask(context).catch(orAborted(context)),
  ],
  'answers who is told to give up': ['signal', (ask) => () => ask({ signal: new AbortController().signal })],
};

it.for(Object.entries(rosterFaults))(
  '[kit.discovery-faults] notices by one chapter, and no other, a discovery that %s',
  async ([, [chapter, breaking]]) => {
    expect(await failed(discoveryPromises, rosterHarness({ breaking }))).toEqual([chapter]);
  },
);

const worldFaults: Record<string, [chapters: string[], World]> = {
  'answers with what it keeps': [['own'], { shares: true }],
  'asks once and remembers': [['errors', 'failure', 'fresh', 'stopping', 'watching'], { remembers: true }],
  'tells nobody of a change': [['errors', 'stopping', 'watching'], { tells: () => {} }],
  'tells before it has returned': [['watching'], { tellsAtOnce: true }],
  'goes on telling who has stopped': [['stopping'], { stops: false }],
  'forgets both when one of the same watcher stops': [['stopping'], { forgetsBoth: true }],
  'tells an error at every look': [['errors'], { tellsAgain: true }],
  'tells an error that is no MobError': [['errors'], { error: new Error('plain') as MobError }],
};

it.for(Object.entries(worldFaults))(
  '[kit.discovery-faults] notices, of the world of a discovery, that it %s',
  async ([, [chapters, world]]) => {
    expect(await failed(discoveryPromises, rosterHarness({ world }))).toEqual(chapters);
  },
);

type EdgeAsk = EdgeDiscovery['discoverEdges'];

const edgeFaults: Record<string, [chapter: string, breaking: (ask: EdgeAsk) => EdgeAsk]> = {
  'leaves out what is wired already': [
    'wired',
    (ask) => async (members, context) => {
      const wired = new Set(
        members.flatMap(({ identity, wiredTo }) => wiredTo.map((to) => `${identity} ${to}`)),
      );
      return (await ask(members, context)).filter(({ a, b }) => !wired.has(`${a} ${b}`));
    },
  ],
  'knows no edges of an empty roster': [
    'roster',
    (ask) => (members, context) => {
      if (members.length === 0) throw new TypeError('nobody is there');
      return ask(members, context);
    },
  ],
  'gives a page of a hundred edges': [
    'size',
    (ask) => async (members, context) => (await ask(members, context)).slice(0, 100),
  ],
};

it.for(Object.entries(edgeFaults))(
  '[kit.discovery-faults] notices by one chapter, and no other, an edge discovery that %s',
  async ([, [chapter, breaking]]) => {
    expect(await failed(edgePromises, edgeHarness(breaking))).toEqual([chapter]);
  },
);

/** The chapters that fail, sorted. */
async function failed<T, A>(
  promises: readonly Promised<T, A>[],
  harness: SourceHarness<T, A>,
): Promise<string[]> {
  const chapters = promises
    .filter(({ notFor }) => notFor?.(harness) !== true)
    .map(async ({ chapter, prove }) => {
      const opened = await harness.open();
      const kept = prove(opened, harness).then(
        () => true,
        () => false,
      );
      return (await Promise.race([kept, turns(MOST_TURNS)])) ? [] : [chapter];
    });
  return [...new Set((await Promise.all(chapters)).flat())].toSorted();
}

/** How the world of a source is broken; sound where it says nothing. */
interface World {
  readonly shares?: boolean;
  readonly remembers?: boolean;
  readonly tells?: (tell: () => void) => void;
  readonly tellsAtOnce?: boolean;
  readonly tellsAgain?: boolean;
  readonly stops?: boolean;
  readonly forgetsBoth?: boolean;
  readonly error?: MobError;
}

function rosterHarness({
  breaking = (ask) => ask,
  world = {},
}: { breaking?: (ask: Ask) => Ask; world?: World } = {}): SourceHarness<Discovery, AgentDiscoverySpec> {
  return {
    name: 'in memory',
    watches: true,
    tellsFailures: true,
    stalls: true,
    open: () =>
      openWorld<Discovery, AgentDiscoverySpec>(world, (ask, watch) => {
        const broken = breaking(ask);
        return { discover: (context) => broken(context), watch };
      }),
  };
}

function edgeHarness(
  breaking: (ask: EdgeAsk) => EdgeAsk = (ask) => ask,
): SourceHarness<EdgeDiscovery, DesiredPeerEdge> {
  return {
    name: 'in memory',
    watches: true,
    tellsFailures: true,
    stalls: true,
    open: () =>
      openWorld<EdgeDiscovery, DesiredPeerEdge>({}, (ask, watch) => ({
        discoverEdges: breaking((_, context) => ask(context)),
        watch,
      })),
  };
}

type Watch = (watcher: DiscoveryWatcher) => () => void;

/** What a source in memory answers, tells and hides. */
function openWorld<T, A>(
  world: World,
  make: (ask: (context: { readonly signal: AbortSignal }) => Promise<A[]>, watch: Watch) => T,
): OpenedSource<T, A> {
  const { tells = (tell) => tell(), error = new MobError('MOB_DISCOVERY_UNAVAILABLE', 'broken') } = world;
  let desired: readonly A[] = [];
  let state: 'sound' | 'broken' | 'hung' = 'sound';
  let remembered: A[] | undefined;
  const watchers = new Map<object, DiscoveryWatcher>();
  const change = () => tells(() => watchers.forEach(({ onChange }) => onChange()));
  const tellError = () => tells(() => watchers.forEach(({ onError }) => onError?.(error)));
  const ask = async ({ signal }: { readonly signal: AbortSignal }): Promise<A[]> => {
    signal.throwIfAborted();
    if (state === 'hung') {
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      });
    }
    if (state === 'broken') {
      if (world.tellsAgain) tellError();
      throw error;
    }
    if (world.shares) return desired as A[];
    if (world.remembers) return structuredClone((remembered ??= [...desired]));
    return structuredClone(desired) as A[];
  };
  const watch: Watch = (watcher) => {
    const own = world.forgetsBoth ? watcher : {};
    if (world.tellsAtOnce) watcher.onChange();
    watchers.set(own, watcher);
    return () => void (world.stops !== false && watchers.delete(own));
  };
  return {
    source: make(ask, watch),
    desire(answer) {
      desired = structuredClone(answer);
      state = 'sound';
      change();
    },
    fail() {
      state = 'broken';
      tellError();
    },
    stall: () => void (state = 'hung'),
    close: () => watchers.clear(),
  };
}

function padded(spec: AgentDiscoverySpec): AgentDiscoverySpec {
  return Object.assign({ ...spec }, spec.identity === 'one' && { labels: null });
}

function orAborted({ signal }: { readonly signal: AbortSignal }) {
  return () => {
    signal.throwIfAborted();
    return [];
  };
}

async function turns(count: number): Promise<false> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
  return false;
}
