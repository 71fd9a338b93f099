import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { createEventIngestion, openEventSpool } from '@mobkit/event-log';
import { expect, it } from 'vitest';

import { openFlakyStore } from '../../test/flaky-store.js';
import { temporaryDirectory } from '../../test/temporary-directory.js';

const hooks = new URL('../../../../test-e2e/support/typescript-hooks.mjs', import.meta.url).href;
const program = fileURLToPath(new URL('../../test/spooling-program.ts', import.meta.url));

/** Runs the program until it has said `after` more numbers, and is killed by itself or by us. Returns the last number. */
async function spillAndKill(directory: string, after: number, by: 'itself' | 'us'): Promise<number> {
  const words = by === 'itself' ? `${after}` : 'Infinity';
  const args = ['--conditions=@mobkit/source', '--import', hooks, program, directory, words];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  let last = 0;
  let said = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('ready')) child.stdin.write('1500\n1500\n1500\n');
    else {
      last = Number(line);
      if (++said === after && by === 'us') child.kill('SIGKILL');
    }
  }
  await exited;
  return last;
}

it('[spool.killed] has every event that was said to be spilled after SIGKILL, in order, none twice', async () => {
  const directory = join(temporaryDirectory(), 'spool');
  let acknowledged = 0;
  for (const [after, by] of [
    [1, 'itself'],
    [2, 'us'],
    [3, 'itself'],
    [5, 'us'],
    [8, 'us'],
  ] as const) {
    const last = await spillAndKill(directory, after, by);
    expect(last).toBeGreaterThan(acknowledged);
    acknowledged = last;
  }
  const spool = await openEventSpool({ directory });
  expect(spool.recovered).toBeGreaterThanOrEqual(acknowledged);
  const store = await openFlakyStore();
  const ingestion = createEventIngestion({ store, spool });
  await ingestion.flush();
  const { persisted, recovered, duplicate, dropped } = await ingestion.close();
  await spool.close();
  expect({ persisted, duplicate, corrupt: dropped.corrupt }).toEqual({
    persisted: recovered,
    duplicate: 0,
    corrupt: 0,
  });
  const ids = await store.ids();
  expect(ids).toEqual(Array.from({ length: recovered }, (_, n) => `evt-${String(n).padStart(8, '0')}`));
});
