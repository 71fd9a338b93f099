import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { MobHandle } from '@mobkit/core/mob';
import { delivery } from '@mobkit/delivery/plugin';
import { assemble, tokens } from '@mobkit/di';
import { gating } from '@mobkit/gating/plugin';
import { createMobEngine, testProvider } from '@mobkit/mob';
import { routerRules } from '@mobkit/router-rules/plugin';
import { createRpcHandler } from '@mobkit/rpc';
import { bootstrapRuntime, type UnifiedRuntime } from '@mobkit/runtime';
import { scheduler } from '@mobkit/scheduler/plugin';
import { storeMemory } from '@mobkit/store-memory/plugin';
import { expect, onTestFinished } from 'vitest';

import { modules } from '../../src/parts/modules.js';

const mcpFixture = fileURLToPath(
  new URL('../../../../packages/modules/test/support/mcp-fixture.mjs', import.meta.url),
);
const linesFixture = fileURLToPath(
  new URL('../../../../packages/modules/test/support/lines-fixture.mjs', import.meta.url),
);

/** What a fixture is told by its environment, without the prefix. */
type Told = Readonly<Record<string, string>>;

interface Wanted {
  /** Modules that speak MCP, with what they are told. */
  readonly mcp?: Readonly<Record<string, Told>>;
  /** Modules that speak lines. */
  readonly lines?: readonly string[];
}

const definition = {
  id: 'crew',
  profiles: {
    worker: {
      model: 'test',
      tools: { comms: true },
      runtime_mode: 'turn_driven' as const,
      external_addressable: true,
    },
  },
};

/** A runtime with every part that a module may stand before, and these modules: real processes, gone when the test is finished. */
export async function openStage({ mcp = {}, lines = [] }: Wanted) {
  const directory = mkdtempSync(join(tmpdir(), 'mobkit-modules-'));
  const logFile = join(directory, 'log.txt');
  const entries = Object.entries(mcp);
  let mob: MobHandle | undefined;
  const app = assemble([
    storeMemory(),
    { name: 'mob', register: (context) => context.provide(tokens.mobHandle, () => mob as MobHandle) },
    routerRules({ routes: [], mobId: definition.id }),
    delivery({ log: () => {} }),
    scheduler(),
    gating(),
    modules({
      modules: [
        ...entries.map(([id]) => fixture(id, mcpFixture, ['--module', id])),
        ...lines.map((id) => fixture(id, linesFixture, [id])),
      ],
      preSpawn: entries.map(([id, told]) => ({
        moduleId: id,
        env: [
          ['MOBKIT_MODULE_BOUNDARY', 'mcp'],
          ...Object.entries({ LOG_PATH: logFile, ...told }).map(
            ([name, value]) => [`MOBKIT_PHASE_C_${name}`, value] as const,
          ),
        ],
      })),
      wanted: [...entries.map(([id]) => id), ...lines],
      supervision: { callTimeoutMs: 1_000, graceMs: 500 },
    }),
  ]);
  await app.start();
  const part = app.container.resolve.bind(app.container);
  const storage = part(tokens.storage);
  const runtime = await bootstrapRuntime({
    definition,
    storage,
    metadata: part(tokens.metadataStore),
    engine: createMobEngine({ storage, providers: () => [testProvider()], allowEphemeralSessions: true }),
    modules: part(tokens.moduleHost),
    router: part(tokens.router),
    delivery: part(tokens.delivery),
    scheduler: part(tokens.scheduler),
    gate: part(tokens.gate),
  });
  ({ mob } = runtime);
  const pids = () =>
    part(tokens.moduleHost)
      .modules()
      .flatMap(({ pid }) => pid ?? []);
  const started = pids();
  onTestFinished(async () => {
    const running = [...started, ...pids()];
    await runtime.shutdown();
    await app.stop();
    expect(running.filter(isThere)).toEqual([]);
    rmSync(directory, { recursive: true });
  });
  return { runtime, ...asked(runtime), log: () => linesOf(logFile) };
}

function fixture(id: string, program: string, args: readonly string[]) {
  return { id, command: process.execPath, args: [program, ...args], restartPolicy: 'never' as const };
}

function asked(runtime: UnifiedRuntime) {
  const rpc = createRpcHandler({ runtime });
  const ask = async (method: string, params: object) => {
    const answer = await rpc.handle({ jsonrpc: '2.0', id: 1, method, params });
    if (!answer) throw new Error('no answer');
    return answer;
  };
  return {
    /** The result; fails for an error. */
    async call(method: string, params: object = {}): Promise<Record<string, unknown>> {
      const answer = await ask(method, params);
      if ('error' in answer) throw new Error(JSON.stringify(answer.error));
      return answer.result as Record<string, unknown>;
    },
    /** The error; fails for a result. */
    async fail(method: string, params: object = {}) {
      const answer = await ask(method, params);
      if ('error' in answer) return answer.error;
      throw new Error(JSON.stringify(answer.result));
    },
  };
}

function linesOf(file: string): readonly string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
