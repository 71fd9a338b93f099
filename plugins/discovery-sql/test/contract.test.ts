import { describeDiscovery, describeEdgeDiscovery } from '@mobkit/contract-kit';
import { createSqlDiscovery } from '@mobkit/discovery-sql';
import { describe } from 'vitest';

import { openTcpProxy } from '../../../test-e2e/support/tcp-proxy.js';
import { connectionString, openTestSchema } from './test-schema.js';

describe('[discovery.sql-contract]', () => {
  describeDiscovery({
    name: 'a database',
    watches: true,
    tellsFailures: true,
    stalls: true,
    async open() {
      const world = await openWorld();
      const { discovery, close } = createSqlDiscovery(world.options);
      return {
        ...world,
        source: discovery,
        desire: world.desiring(world.setMembers),
        close: world.closing(close),
      };
    },
  });

  describeEdgeDiscovery({
    name: 'a database',
    watches: true,
    tellsFailures: true,
    stalls: true,
    async open() {
      const world = await openWorld();
      const { edgeDiscovery, close } = createSqlDiscovery(world.options);
      return {
        ...world,
        source: edgeDiscovery!,
        desire: world.desiring(world.setEdges),
        close: world.closing(close),
      };
    },
  });
});

/** A database behind a proxy. */
async function openWorld() {
  const schema = await openTestSchema();
  const address = new URL(connectionString);
  const proxy = await openTcpProxy({ host: address.hostname, port: Number(address.port || 5432) });
  address.host = `127.0.0.1:${proxy.port}`;
  const { members, edges, channel } = schema;
  let closed: Promise<void> | undefined;
  return {
    ...schema,
    options: { connectionString: address.href, members, edges, channel },
    fail: () => proxy.weather('down'),
    desiring:
      <A>(set: (answer: readonly A[]) => Promise<void>) =>
      async (answer: readonly A[]) => {
        proxy.weather('clear');
        await set(answer);
      },
    async stall() {
      const blocker = await schema.pool.connect();
      await blocker.query(
        `begin; lock ${schema.schema}.agents, ${schema.schema}.wires in access exclusive mode`,
      );
      blockers.push(() => blocker.release(true));
    },
    closing: (close: () => Promise<void>) => () =>
      (closed ??= (async () => {
        await close();
        for (const release of blockers.splice(0)) release();
        await schema.remove();
        await proxy.close();
      })()),
  };
}

const blockers: (() => void)[] = [];
