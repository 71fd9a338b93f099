import type { AgentDiscoverySpec, Discovery } from '@mobkit/core';
import { expect } from 'vitest';

import { askingPromises } from './asking.js';
import { type Asked, context, type Promised } from './source.js';
import { watchingPromises } from './watching.js';

/** Every field, values that are easily damaged on the way, an order that nobody sorts by. */
const everything: readonly AgentDiscoverySpec[] = [
  {
    identity: 'worker-2',
    profile: 'worker',
    labels: { team: 'a', 'with.dot': 'ünï ☃ 𝄞', quoted: `'"; --` },
    context: { nested: [1, -0.5, { deep: null }], text: 'line\nline', flag: true, empty: {} },
    additionalInstructions: ['Be brief.', 'Say "yes".\nOr no.'],
    resumeSessionId: 'session-1',
  },
  { identity: 'A.b_c', profile: 'lead' },
  { identity: 'worker-10', profile: 'worker', labels: { team: 'b' } },
  { identity: '0', profile: 'worker', context: [1, 'two'] },
];

const asked: Asked<Discovery, AgentDiscoverySpec> = {
  ask: (source, given) => source.discover(given),
  form: (answer) => answer,
  examples: [
    [
      { identity: 'ann', profile: 'lead', labels: { team: 'a' }, context: { list: [1, { deep: true }] } },
      { identity: 'bob', profile: 'worker', context: 'text', additionalInstructions: ['Be brief.'] },
    ],
    [{ identity: 'bob', profile: 'lead', labels: { team: 'b' } }],
  ],
};

/** What every `Discovery` promises. */
export const discoveryPromises: readonly Promised<Discovery, AgentDiscoverySpec>[] = [
  {
    chapter: 'answer',
    title: 'is the whole roster, with every field, in the order given',
    async prove({ source, desire }) {
      await desire(everything);
      expect(await source.discover(context())).toEqual(everything);
    },
  },
  {
    chapter: 'size',
    title: 'names each of a thousand once',
    async prove({ source, desire }) {
      const many = Array.from({ length: 1000 }, (_, n) => ({ identity: `m-${n}`, profile: 'worker' }));
      await desire(many);
      const answer = await source.discover(context());
      const names = (specs: readonly AgentDiscoverySpec[]) =>
        specs.map(({ identity }) => identity).toSorted();
      expect(names(answer)).toEqual(names(many));
    },
  },
  {
    chapter: 'absence',
    title: 'has no field that an agent does not have',
    async prove({ source, desire }) {
      await desire([{ identity: 'one', profile: 'worker' }]);
      const [one] = await source.discover(context());
      expect(Object.keys(one ?? {}).toSorted()).toEqual(['identity', 'profile']);
    },
  },
  ...askingPromises(asked),
  ...watchingPromises(asked),
];
