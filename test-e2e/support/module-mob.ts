import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { temporaryDirectory } from './temporary-directory.js';

const mobPackage = fileURLToPath(new URL('../../packages/mob/dist/index.js', import.meta.url));
const mcpFixture = fileURLToPath(
  new URL('../../packages/modules/test/support/mcp-fixture.mjs', import.meta.url),
);

/** A module as the config has it. */
export interface ModuleEntry {
  readonly id: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly restart_policy?: 'never' | 'on_failure' | 'always';
  readonly boundary?: 'mcp';
  readonly env?: Readonly<Record<string, string>>;
  readonly start?: boolean;
}

interface ModuleMob {
  readonly directory: string;
  readonly mob: string;
  readonly state: string;
}

/**
 * Writes a mob of nobody, with profiles `lead` and `worker`, and its modules. Each member answers `ok`; a turn whose message says
 * HOLD ends when somebody is told GO.
 */
export function writeModuleMob(
  modules: readonly ModuleEntry[],
  supervision: Readonly<Record<string, number>> = {},
): ModuleMob {
  const directory = temporaryDirectory();
  const mob = join(directory, 'mob.toml');
  const profiles = ['lead', 'worker'].map(
    (name) => `
[profiles.${name}]
model = "patient"
external_addressable = true
runtime_mode = "turn_driven"
tools = { comms = true }
`,
  );
  writeFileSync(mob, `[mob]\nid = "modular"\n${profiles.join('')}`);
  writeFileSync(
    join(directory, 'mobkit.config.mjs'),
    `import { tokens } from ${JSON.stringify(fileURLToPath(new URL('../../packages/di/dist/index.js', import.meta.url)))};
import { providerOf } from ${JSON.stringify(mobPackage)};

let go;
const going = new Promise((resolve) => (go = resolve));
const client = {
  provider: 'patient',
  async *stream({ messages }) {
    const { content } = messages.findLast(({ role }) => role === 'user');
    if (content.includes('HOLD')) await going;
    if (content.includes('GO')) go();
    yield { type: 'text_delta', delta: 'ok' };
    yield { type: 'done', stopReason: 'end_turn' };
  },
  healthCheck: async () => {},
};
export const config = {
  modules: ${JSON.stringify(modules)},
  supervision: ${JSON.stringify(supervision)},
  plugins: [{ name: 'patient-model', register: (context) => context.contribute(tokens.llmProviders, () => providerOf(client)) }],
};
`,
  );
  return { directory, mob, state: join(directory, 'state') };
}

/** A module that speaks MCP and plays `router`, `delivery`, `scheduling` or `memory`. */
export function mcpModule(id: string, env: Readonly<Record<string, string>> = {}): ModuleEntry {
  return {
    id,
    command: process.execPath,
    args: [mcpFixture, '--module', id],
    restart_policy: 'never',
    boundary: 'mcp',
    env,
  };
}

/** A module that fails until its start of this number, counts its starts in `file`, and then lives for as long as the app does. */
export function crashingModule(id: string, file: string, readyAt: number): ModuleEntry {
  const event = `{"kind":"module","module":"${id}","event_type":"ready","payload":{"attempt":'"$n"'}}`;
  const ready = `{"event_id":"evt-${id}-ready","source":"module","timestamp_ms":42,"event":${event}}`;
  const script = `n=$(($(cat '${file}' 2>/dev/null || echo 0) + 1)); echo $n > '${file}'; [ $n -lt ${readyAt} ] && exit 1; echo '${ready}'; exec cat`;
  return { id, command: 'sh', args: ['-c', script], restart_policy: 'on_failure', start: false };
}

/** Whether a process is there and is no zombie. */
export function isLive(pid: number | undefined): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', `${pid ?? ''}`], { encoding: 'utf8' });
  return /^[^Z\s]/.test(stdout.trim());
}
