import { spawn } from 'node:child_process';
import { once } from 'node:events';

import type { ModuleEventListener } from '@mobkit/core/ops';
import { createModules } from '@mobkit/modules';

/** Pauses are always as long, so that they can be taken off. */
const BACKOFF_MS = 5;

/**
 * A module that starts as quickly as any can, and says whether the process before it, which it finds in a file, was still
 * there when it began.
 */
const SCRIPT = `
  overlaps=false
  [ -f "$1" ] && read -r before < "$1" && kill -0 "$before" 2> /dev/null && overlaps=true
  echo $$ > "$1"
  printf '{"event_id":"ready","source":"module","timestamp_ms":1,"module":"bench","event_type":"ready","payload":%s}\\n' $overlaps
  exec sleep 600
`;

/**
 * How long a module is away when it is killed, its pause taken off, in milliseconds each; how long its program takes from
 * its start to its first line by itself; and how often two processes of it were there at once.
 */
export async function measureRestarts(file: string, restarts: number, respawns: number) {
  let onReady: ModuleEventListener = () => {};
  let overlaps = 0;
  const host = createModules({
    modules: [{ id: 'bench', command: 'sh', args: ['-c', SCRIPT, 'sh', file], restartPolicy: 'on_failure' }],
    discovery: { modules: ['bench'] },
    onFailureRetryBudget: Number.MAX_SAFE_INTEGER,
    restartBackoffMs: BACKOFF_MS,
    longestBackoffMs: BACKOFF_MS,
  });
  const awayMs: number[] = [];
  const ownMs: number[] = [];
  try {
    await host.start({
      onEvent(envelope) {
        if (envelope.event.eventType !== 'ready') return;
        if (envelope.event.payload === true) overlaps += 1;
        onReady(envelope);
      },
      signal: AbortSignal.timeout(60_000),
    });
    for (let at = 0; at < restarts; at += 1) {
      const [{ pid } = {}] = host.modules();
      const ready = new Promise<unknown>((resolve) => {
        onReady = resolve;
      });
      const killedAtMs = performance.now();
      process.kill(pid ?? NaN, 'SIGKILL');
      await ready;
      awayMs.push(performance.now() - killedAtMs - BACKOFF_MS);
      if (!host.isRunning('bench')) throw new Error('modules: it says that it is ready, and is not');
      ownMs.push(await ownStart(`${file}.own`));
    }
    for (let at = 0; at < respawns; at += 1) await host.spawn('bench');
  } finally {
    await host.shutdown({ deadlineMs: 1000 });
  }
  return { awayMs, ownMs, overlaps };
}

/** The same program without anybody who supervises it. */
async function ownStart(file: string): Promise<number> {
  const startedAtMs = performance.now();
  const child = spawn('sh', ['-c', SCRIPT, 'sh', file]);
  await once(child.stdout, 'data');
  const tookMs = performance.now() - startedAtMs;
  child.kill('SIGKILL');
  await once(child, 'exit');
  return tookMs;
}
