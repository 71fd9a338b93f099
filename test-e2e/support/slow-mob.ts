import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const mobPackage = fileURLToPath(new URL('../../packages/mob/dist/index.js', import.meta.url));
const diPackage = fileURLToPath(new URL('../../packages/di/dist/index.js', import.meta.url));

/** What makes the model of a slow mob go on, sent to its process. */
export const GO_ON = 'SIGUSR2';

/**
 * Writes a mob of two wired members whose model takes its time: `slow` in a message makes it wait for an hour or `GO_ON`, `fail`
 * makes it fail, `ask two to fail` sends `fail` to two; all else is answered at once. Returns the mob file.
 */
export function writeSlowMob(directory: string): string {
  const file = join(directory, 'mob.toml');
  writeFileSync(
    file,
    `[mob]
id = "pace"
orchestrator = "worker"

[profiles.worker]
model = "slow"
external_addressable = true
tools = { comms = true }

[[members]]
identity = "one"
profile = "worker"

[[members]]
identity = "two"
profile = "worker"

[wiring]
role_wiring = [{ a = "worker", b = "worker" }]
`,
  );
  writeFileSync(
    join(directory, 'mobkit.config.mjs'),
    `import { setTimeout as sleep } from 'node:timers/promises';
import { tokens } from ${JSON.stringify(diPackage)};
import { providerOf } from ${JSON.stringify(mobPackage)};

const goOn = new AbortController();
process.on('${GO_ON}', () => goOn.abort());
const slowly = (signal) =>
  sleep(3_600_000, undefined, { signal: AbortSignal.any([signal, goOn.signal]) }).catch(() => signal.throwIfAborted());
const client = {
  provider: 'slow',
  async *stream({ messages, signal }) {
    const { content } = messages.findLast(({ role }) => role === 'user');
    const [, peer, body] = /ask (\\w+) to (\\w+)/.exec(content) ?? [];
    if (peer !== undefined && messages.at(-1).role === 'user') {
      yield { type: 'tool_call_complete', call: { id: '1', name: 'send_message', args: { peer_id: peer, body } } };
      yield { type: 'done', stopReason: 'tool_use' };
      return;
    }
    if (content.includes('slow')) await slowly(signal);
    if (content.includes('fail') && peer === undefined) throw new Error('told to fail');
    yield { type: 'text_delta', delta: 'done: ' + content };
    yield { type: 'done', stopReason: 'end_turn' };
  },
  healthCheck: async () => {},
};

export const config = {
  plugins: [{ name: 'slow-model', register: (context) => context.contribute(tokens.llmProviders, () => providerOf(client)) }],
};
`,
  );
  return file;
}
