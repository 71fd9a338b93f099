import type { WriteStream } from 'node:tty';

import { expect, it, vi } from 'vitest';

import { terminalProgress } from './run-progress.js';

/** A terminal of that many rows: what stands on it after what was written. Knows what the progress uses, nothing else. */
function fakeTerminal(rows: number) {
  let lines: string[] = [''];
  const write = (text: string) => {
    // oxlint-disable-next-line no-control-regex -- terminals are told what to do by them
    for (const part of text.split(/(\u001B\[\d+[AJ]|\n)/)) {
      const back = /\[(\d+)A$/.exec(part)?.[1];
      if (back !== undefined) lines = [...lines.slice(0, lines.length - 1 - Number(back)), ''];
      else if (part === '\n') lines.push('');
      else if (!part.endsWith('[0J')) lines.push((lines.pop() ?? '') + part);
    }
    return true;
  };
  const terminal = { rows, columns: 80, write } as unknown as WriteStream;
  return { terminal, screen: () => lines.filter((line) => line !== '').map((line) => line.trimEnd()) };
}

const event = (kind: string, step?: string, data: object = {}) => ({
  kind,
  timestamp_ms: 0,
  data,
  ...(step !== undefined && { step_id: step }),
});
const one = { target: { identity: 'one', generation: 0 } };

it('[flow.progress] shows each step on a line of its own and draws it anew as the step goes on, and a list where there is no room', () => {
  const { terminal, screen } = fakeTerminal(24);
  const progress = terminalProgress(terminal, ['draft', 'review']);
  progress.show(event('flow_started'));
  expect(screen()).toEqual(['draft                waits', 'review               waits']);
  progress.show(event('step_dispatched', 'draft', one));
  expect(screen()).toEqual(['draft                asks one:0', 'review               waits']);
  progress.show(event('step_completed', 'draft'));
  progress.show(event('step_target_failed', 'review', { ...one, reason: 'no\u001B[31m model' }));
  expect(screen()[0]).toBe('draft                completed');
  expect(screen()[1]).toMatch(/^review +one:0 failed: no.*model$/);
  expect(screen()[1]).not.toContain('\u001B');
  expect(screen()).toHaveLength(2);

  const told = vi.spyOn(console, 'log').mockImplementation(() => {});
  const small = fakeTerminal(2);
  terminalProgress(small.terminal, ['draft', 'review']).show(event('step_dispatched', 'draft', one));
  expect(small.screen()).toEqual([]);
  expect(told.mock.calls.flat()).toEqual([expect.stringMatching(/^00:00:00 draft +asks one:0$/)]);
  told.mockRestore();
});
