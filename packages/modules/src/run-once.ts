import { type Clock, MobError, systemClock } from '@mobkit/core';
import type { ModuleProcessProblem } from '@mobkit/core/ops';

import { deadlineIn } from './deadline.js';
import { endDetails, endText } from './module-errors.js';
import { ProcessGroup } from './process-group.js';

const AT_ONCE = { termAfterMs: 0, killAfterMs: 0 };

/** A program that runs once, and how long it may take: `timeoutMs` in milliseconds. */
export interface RunOnceOptions {
  /** Started without a shell. */
  readonly command: string;
  /** @defaultValue none */
  readonly args?: readonly string[];
  /** Beside the environment of this process. @defaultValue none */
  readonly env?: Readonly<Record<string, string>>;
  /** From the start of the program to its end. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** @defaultValue `systemClock` */
  readonly clock?: Clock;
}

/**
 * Runs a program that says one line of JSON and ends; answers that line as it stands, without its end. Whatever happens,
 * nothing that was started is left.
 *
 * @throws MobError `MOB_PROCESS_FAILED` (`details.reason`: `spawn_failed`, `empty_output`, `timeout` with
 * `details.timeoutMs`, `invalid_json_line`, `line_too_long`, `io`); what `signal` was aborted with.
 */
export async function runOnce(options: RunOnceOptions): Promise<string> {
  const { command, args = [], env = {}, timeoutMs, signal, clock = systemClock } = options;
  signal?.throwIfAborted();
  const failed = (reason: ModuleProcessProblem, text: string, details = {}) =>
    new MobError('MOB_PROCESS_FAILED', `${command}: ${text}`, { details: { reason, ...details } });
  let first: string | undefined;
  let broken: MobError | undefined;
  const deadline = deadlineIn(clock, timeoutMs, signal);
  const group = new ProcessGroup({
    program: { command, args, env },
    clock,
    onLine: (line) => (first ??= line),
    onBroken(reason, text) {
      // It has said what it was started for, and has nothing more to say.
      if (reason === 'io' && first !== undefined) return;
      broken = failed(reason, text);
      void group.end(AT_ONCE);
    },
  });
  // Its input is empty.
  group.closeInput();
  let gone: Promise<boolean> = Promise.resolve(true);
  const giveUp = () => {
    gone = group.end(AT_ONCE);
  };
  deadline.signal.addEventListener('abort', giveUp, { once: true });
  try {
    const end = await Promise.race([group.ended, untilAborted(deadline.signal)]);
    if (!end) {
      const text = `it did not end within ${timeoutMs} ms`;
      if (!(await gone)) throw failed('io', `${text}, and cannot be ended`, { timeoutMs });
      if (!deadline.passed) signal?.throwIfAborted();
      throw failed('timeout', text, { timeoutMs });
    }
    if (end.error) throw failed('spawn_failed', endText(end));
    if (broken) throw broken;
    if (first === undefined)
      throw failed('empty_output', `it said nothing: ${endText(end)}`, endDetails(end));
    if (!isJson(first)) throw failed('invalid_json_line', 'what it said is not JSON');
    return first;
  } finally {
    deadline.clear();
  }
}

function untilAborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
