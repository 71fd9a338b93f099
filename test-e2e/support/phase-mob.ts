import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const mobPackage = fileURLToPath(new URL('../../packages/mob/dist/index.js', import.meta.url));
const diPackage = fileURLToPath(new URL('../../packages/di/dist/index.js', import.meta.url));

/**
 * Writes a mob of these members, of whom each answers `done`, and `HOLD` only after the SIGTERM of its process.
 * `config` is the rest of its `mobkit.config.mjs`: it may change `config`, and use `tokens`, `say` (a line of the app's output),
 * `stopMyself`, which sends this process a SIGTERM and resolves when that has arrived, and `engineOf(context, open)`, the engine
 * with another `open`. Returns the mob file.
 */
export function writePhaseMob(directory: string, members: readonly string[], config = ''): string {
  const file = join(directory, 'mob.toml');
  const profile =
    '[profiles.worker]\nmodel = "patient"\nexternal_addressable = true\ntools = { comms = true }\n';
  const listed = members.map((identity) => `\n[[members]]\nidentity = "${identity}"\nprofile = "worker"\n`);
  writeFileSync(file, `[mob]\nid = "phases"\n\n${profile}${listed.join('')}`);
  writeFileSync(
    join(directory, 'mobkit.config.mjs'),
    `import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { tokens } from ${JSON.stringify(diPackage)};
import { createMobEngine, providerOf } from ${JSON.stringify(mobPackage)};

const say = (msg) => console.log(JSON.stringify({ msg }));
const stopMyself = async () => {
  const stopped = once(process, 'SIGTERM');
  process.kill(process.pid, 'SIGTERM');
  // Waiting for a signal keeps no process alive.
  const alive = setInterval(() => {}, 1e6);
  await stopped;
  clearInterval(alive);
};
const stopped = once(process, 'SIGTERM');
const client = {
  provider: 'patient',
  async *stream({ messages }) {
    const { content } = messages.findLast(({ role }) => role === 'user');
    if (content.includes('HOLD')) {
      await stopped;
      // By then the shutdown has begun.
      await sleep(1_000);
    }
    yield { type: 'text_delta', delta: 'done' };
    yield { type: 'done', stopReason: 'end_turn' };
  },
  healthCheck: async () => {},
};
const engineOf = (context, open) => {
  const storage = context.container.resolve(tokens.storage);
  const engine = createMobEngine({ storage, providers: () => context.collect(tokens.llmProviders) });
  return { open: (options) => open(() => engine.open(options)) };
};
export const config = {
  plugins: [{ name: 'patient-model', register: (context) => context.contribute(tokens.llmProviders, () => providerOf(client)) }],
};
${config}`,
  );
  return file;
}
