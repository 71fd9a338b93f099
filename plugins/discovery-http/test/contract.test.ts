import { type AgentDiscoverySpec, agentDiscoverySpecToJson, type DesiredPeerEdge } from '@mobkit/core';
import { describeDiscovery, describeEdgeDiscovery } from '@mobkit/contract-kit';
import { createHttpDiscovery } from '@mobkit/discovery-http';
import { describe } from 'vitest';

import { json, nothing, startServer, tagged, text } from './answering-server.js';

const refreshMs = 10;

describe('[discovery.http-contract]', () => {
  describeDiscovery({
    name: 'an address whose answers have tags',
    watches: true,
    tellsFailures: true,
    stalls: true,
    async open() {
      const server = await startServer(tagged({ members: [] }));
      const { discovery, close } = createHttpDiscovery({ url: server.url, refreshMs });
      return {
        source: discovery,
        desire: (specs: readonly AgentDiscoverySpec[]) =>
          server.answer(tagged({ members: specs.map(agentDiscoverySpecToJson) })),
        fail: () => server.answer(text('', 503)),
        stall: () => server.answer(nothing),
        close: both(close, server.close),
      };
    },
  });

  describeEdgeDiscovery({
    name: 'an address whose answers have none',
    watches: true,
    tellsFailures: true,
    stalls: true,
    async open() {
      const server = await startServer();
      const { edgeDiscovery, close } = createHttpDiscovery({ url: server.url, refreshMs });
      return {
        source: edgeDiscovery,
        desire: (edges: readonly DesiredPeerEdge[]) => server.answer(json({ members: [], edges })),
        fail: () => server.answer(text('<html>')),
        stall: () => server.answer(nothing),
        close: both(close, server.close),
      };
    },
  });
});

function both(...closing: readonly (() => Promise<void>)[]) {
  return async () => {
    for (const close of closing) await close();
  };
}
