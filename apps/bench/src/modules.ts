import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { superviseMcp } from '@mobkit/modules';

import { ratio } from './alternate.js';
import { type Bench, median } from './bench.js';
import { measureRestarts } from './module-restarts.js';
import { percentile } from './percentile.js';
import { scaled } from './scale.js';
import { inTemporaryDirectory } from './temporary-directory.js';

const RESTARTS = 300;
const RESPAWNS = 100;
const ROUNDS = 500;
/** Of each in one round. */
const CALLS = 20;
const WARM_ROUNDS = 50;
const TOOL = 'routing.resolve';

/** What supervision costs: when a module ends, and when it is called. */
export const modules: Bench = {
  name: 'modules',
  about: 'restarts of a module, and calls of an MCP server beside the bare SDK',
  async run(progress) {
    const [restarts, respawns, rounds] = [scaled(RESTARTS), scaled(RESPAWNS), scaled(ROUNDS)];
    progress(`modules: ${restarts} restarts, ${respawns} respawns`);
    const { awayMs, ownMs, overlaps } = await inTemporaryDirectory((directory) =>
      measureRestarts(join(directory, 'pid'), restarts, respawns),
    );
    const overheadMs = awayMs.map((away) => away - median(ownMs));
    progress(`modules: ${rounds} rounds of ${CALLS} calls each`);
    const { ours, sdk } = await measureCalls(rounds);
    return {
      settings: { restarts, respawns, rounds, calls_each: CALLS },
      samples: {
        own_start_ms: ownMs,
        restart_overhead_ms: overheadMs,
        restart_overhead_p99_ms: [percentile(overheadMs, 99)],
        overlaps: [overlaps],
        mcp_call_us: ours,
        sdk_call_us: sdk,
      },
      ratios: { mcp_vs_sdk: ratio(ours, sdk) },
    };
  },
};

/** Microseconds a call, a sample a round, of both over one session each with a process of the same program. */
async function measureCalls(rounds: number) {
  const program = fileURLToPath(
    new URL('../../../packages/modules/test/support/mcp-fixture.mjs', import.meta.url),
  );
  const started = { command: process.execPath, args: [program, '--module', 'router'] };
  const server = await superviseMcp(started);
  const client = new Client({ name: 'bench', version: '1.0.0' }, { capabilities: {} });
  await client.connect(new StdioClientTransport(started));
  // As ours does: whoever calls knows what there is.
  await client.listTools();
  const params = { recipient: 'user@example.com', channel: 'transactional' };
  const callOurs = () => server.call(TOOL, params);
  const callSdk = async () => {
    const { content } = await client.callTool({ name: TOOL, arguments: params });
    const [block] = content as readonly { readonly text: string }[];
    return JSON.parse(block?.text ?? '') as unknown;
  };
  const ours: number[] = [];
  const sdk: number[] = [];
  try {
    for (let round = -WARM_ROUNDS; round < rounds; round += 1) {
      const turns = [
        { call: callOurs, samples: ours },
        { call: callSdk, samples: sdk },
      ];
      for (const { call, samples } of round % 2 === 0 ? turns : turns.toReversed()) {
        const us = await microsecondsEach(call);
        if (round >= 0) samples.push(us);
      }
    }
  } finally {
    await client.close();
    await server.close();
  }
  return { ours, sdk };
}

async function microsecondsEach(call: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  for (let at = 0; at < CALLS; at += 1) await call();
  return ((performance.now() - startedMs) * 1000) / CALLS;
}
