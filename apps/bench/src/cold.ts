import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

import type { Bench } from './bench.js';
import { loopDelayWhileAppending } from './loop-delay.js';
import { inTemporaryDirectory } from './temporary-directory.js';

const REPEATS = 5;
const EVENTS_PER_S = 2_000;
const SECONDS = 5;

/** How long the app takes to be ready, core to be loaded, and how long the store holds up the event loop. */
export const cold: Bench = {
  name: 'cold',
  about: 'process start to /readyz, import of core, event loop while appending to SQLite',
  async run(progress) {
    const samples = {
      ready_ms: [] as number[],
      core_import_ms: [] as number[],
      loop_delay_p99_ms: [] as number[],
    };
    for (let repeat = 1; repeat <= REPEATS; repeat++) {
      progress(`cold: ${repeat} of ${REPEATS}`);
      samples.ready_ms.push(await inTemporaryDirectory(timeToReady));
      samples.core_import_ms.push(await timeToImport('@mobkit/core'));
      samples.loop_delay_p99_ms.push(
        await inTemporaryDirectory((directory) =>
          loopDelayWhileAppending(directory, { eventsPerS: EVENTS_PER_S, seconds: SECONDS }),
        ),
      );
    }
    return { settings: { repeats: REPEATS, events_per_s: EVENTS_PER_S, seconds: SECONDS }, samples };
  },
};

const resolve = createRequire(import.meta.url).resolve;

/** From starting the process on an empty state directory to the first 200 of `/readyz`. */
async function timeToReady(state: string): Promise<number> {
  const main = join(dirname(resolve('@mobkit/app-reference/package.json')), 'dist/main.js');
  const startedMs = performance.now();
  const child = spawn(process.execPath, [main, 'up', '--state', state, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const { url } = JSON.parse(line) as { url?: string };
      if (url === undefined) continue;
      while (!(await fetch(`${url}/readyz`)).ok) await sleep(1);
      return performance.now() - startedMs;
    }
    throw new Error('The app ended before it was ready');
  } finally {
    const exited = once(child, 'exit');
    child.kill();
    await exited;
  }
}

/** In a process of its own, so that nothing is loaded yet. */
async function timeToImport(name: string): Promise<number> {
  const from = pathToFileURL(resolve(name)).href;
  const code = `const t = performance.now(); await import(${JSON.stringify(from)}); console.log(performance.now() - t);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  for await (const chunk of child.stdout) out += String(chunk);
  return Number(out);
}
