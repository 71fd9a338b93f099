import {
  type DesiredPeerEdge,
  desiredPeerEdges,
  type DiscoveredMember,
  type EdgeDiscovery,
} from '@mobkit/core';
import { expect } from 'vitest';

import { askingPromises } from './asking.js';
import { type Asked, context, type Promised } from './source.js';
import { watchingPromises } from './watching.js';

const member = (identity: string, ...wiredTo: string[]): DiscoveredMember => {
  const { labels } = Object.freeze({ labels: Object.freeze({ team: 'a' }) });
  return Object.freeze({ identity, profile: 'worker', wiredTo: Object.freeze(wiredTo), labels });
};
/** Frozen: whoever is asked may not change them. */
const members = Object.freeze([member('ann', 'bob'), member('bob', 'ann'), member('kim'), member('zoe')]);

const asked: Asked<EdgeDiscovery, DesiredPeerEdge> = {
  ask: (source, given) => source.discoverEdges(members, given),
  form: (answer) => desiredPeerEdges(answer),
  examples: [
    [
      { a: 'ann', b: 'kim' },
      { a: 'bob', b: 'zoe' },
    ],
    [{ a: 'ann', b: 'zoe' }],
  ],
};
const asList = async (source: EdgeDiscovery, roster: readonly DiscoveredMember[] = members) =>
  desiredPeerEdges(await source.discoverEdges(roster, context())).map(({ a, b }) => `${a} ${b}`);

/** What every `EdgeDiscovery` promises. */
export const edgePromises: readonly Promised<EdgeDiscovery, DesiredPeerEdge>[] = [
  {
    chapter: 'wired',
    title: 'names an edge whether its members are wired already or not',
    async prove({ source, desire }) {
      await desire([
        { a: 'ann', b: 'bob' },
        { a: 'ann', b: 'zoe' },
      ]);
      expect(await asList(source)).toEqual(['ann bob', 'ann zoe']);
    },
  },
  {
    chapter: 'roster',
    title: 'leaves the roster as it was given, and answers for an empty one',
    async prove({ source, desire }) {
      await desire([{ a: 'kim', b: 'zoe' }]);
      const before = JSON.stringify(members);
      expect(await asList(source)).toEqual(['kim zoe']);
      await source.discoverEdges([], context());
      expect(JSON.stringify(members)).toBe(before);
    },
  },
  {
    chapter: 'size',
    title: 'names each of a thousand edges',
    async prove({ source, desire }) {
      const roster = Array.from({ length: 1001 }, (_, n) => member(`m-${n}`));
      await desire(roster.slice(1).map(({ identity }) => ({ a: 'm-0', b: identity })));
      expect(new Set(await asList(source, roster)).size).toBe(1000);
    },
  },
  ...askingPromises(asked),
  ...watchingPromises(asked),
];
