import { ManualClock } from '@mobkit/contract-kit';
import { parseEventLine } from '@mobkit/core/ops';
import { expect, it } from 'vitest';

import { markProcesses, readyLine } from '../test/support/start-modules.js';
import { runOnce, type RunOnceOptions } from './run-once.js';

function run(script: string, options: Partial<RunOnceOptions> = {}): Promise<string> {
  const env = { MOBKIT_TEST_MARK: markProcesses() };
  return runOnce({ command: 'sh', args: ['-c', script], env, timeoutMs: 50_000, ...options });
}

it('[modules.once] answers the one line of a program that ends, and what it says reads as an event', async () => {
  const line = readyLine('router');
  expect(await run(`printf '%s' '${line}'`)).toBe(line);
  expect(await run(`printf '%s\\r\\nmore\\n' '${line}'`)).toBe(line);
  expect(parseEventLine(await run(`echo '${line}'`))).toEqual({
    eventId: 'evt-router-ready',
    timestampMs: 42,
    event: { kind: 'module', module: 'router', eventType: 'ready', payload: {} },
  });
  const nameless = await run(`echo '${line.replace('"event_id":"evt-router-ready",', '')}'`);
  expect(() => parseEventLine(nameless)).toThrow(
    expect.objectContaining({ details: { reason: 'missing_field', field: 'event_id' } }) as Error,
  );
});

it.each<[what: string, script: string, details: object]>([
  ['says nothing', 'exit 3', { reason: 'empty_output', exitCode: 3 }],
  ['says no JSON', 'echo hello', { reason: 'invalid_json_line' }],
  ['goes on', 'sleep 5', { reason: 'timeout', timeoutMs: 25 }],
  ['goes on after its line', 'echo 1; sleep 5', { reason: 'timeout', timeoutMs: 25 }],
  ['says too much', 'head -c 2000000 /dev/zero; sleep 5', { reason: 'line_too_long' }],
])('[modules.once-refused] refuses a program that %s', async (_, script, details) => {
  const timeoutMs = 'timeoutMs' in details ? 25 : 50_000;
  await expect(run(script, { timeoutMs })).rejects.toMatchObject({ code: 'MOB_PROCESS_FAILED', details });
});

it('[modules.once-command] refuses a command that is not there, and gives up when told', async () => {
  const reason = new Error('enough');
  await expect(run('', { command: '/nowhere' })).rejects.toMatchObject({
    details: { reason: 'spawn_failed' },
  });
  const abort = new AbortController();
  const running = run('sleep 5', { signal: abort.signal, clock: new ManualClock() });
  abort.abort(reason);
  await expect(running).rejects.toBe(reason);
});
