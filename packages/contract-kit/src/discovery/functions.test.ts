import { type AgentDiscoverySpec, type DesiredPeerEdge, discoveryOf, edgeDiscoveryOf } from '@mobkit/core';

import { describeDiscovery } from '../discovery.js';
import { describeEdgeDiscovery } from '../edge-discovery.js';

/** Answers from a variable, fails or never answers. */
function answering<A>() {
  let answer: () => readonly A[] | Promise<readonly A[]> = () => [];
  return {
    answer: () => answer(),
    desire: (given: readonly A[]) => void (answer = () => given),
    fail: () => {
      answer = () => {
        throw new Error('broken');
      };
    },
    stall: () => void (answer = () => new Promise(() => {})),
    close: () => {},
  };
}

describeDiscovery({
  name: 'a function',
  watches: false,
  stalls: true,
  open() {
    const { answer, ...world } = answering<AgentDiscoverySpec>();
    return { ...world, source: discoveryOf(answer) };
  },
});

describeEdgeDiscovery({
  name: 'a function',
  watches: false,
  stalls: true,
  open() {
    const { answer, ...world } = answering<DesiredPeerEdge>();
    return { ...world, source: edgeDiscoveryOf(answer) };
  },
});
