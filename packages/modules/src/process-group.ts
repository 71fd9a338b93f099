import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';

import { type Clock, errorText } from '@mobkit/core';
import type { ModuleProcessProblem } from '@mobkit/core/ops';

import { killAtExit } from './kill-at-exit.js';
import { LineReader } from './line-reader.js';
import type { ProgramSpec } from './program-spec.js';
import { StderrTail } from './stderr-tail.js';

/** What escaped the group may hold our pipes open; its words are not waited for longer. */
const LAST_WORDS_MS = 500;
/** A process that has closed its output is given this to end, as it mostly does at the same time. */
const SILENCE_MS = 250;
/** After a `SIGKILL` only the kernel can be in the way. */
const KILLED_MS = 2000;
/** What it has not read yet of what it was sent, in bytes. */
const MOST_UNREAD = 8 * 2 ** 20;

/** How a process ended. */
export interface ProcessEnd {
  readonly exitCode?: number;
  readonly signal?: NodeJS.Signals;
  /** Why it never began. */
  readonly error?: Error;
}

export interface ProcessDeps {
  readonly program: ProgramSpec;
  readonly clock: Clock;
  /** Told of every line of the standard output, the last one also when it has no end. Must not throw. */
  readonly onLine: (line: string) => void;
  /** Told once when it is of no use any more though it may still run. */
  readonly onBroken: (problem: ModuleProcessProblem, text: string) => void;
  /** Sends a signal to a process, or to a group by its negated id. @defaultValue `process.kill` */
  readonly kill?: (pid: number, signal: NodeJS.Signals) => void;
}

export interface EndOptions {
  /** From now: input ends at once, `SIGTERM` comes after this. */
  readonly termAfterMs: number;
  /** From now. */
  readonly killAfterMs: number;
}

/**
 * A program in a process group of its own, which ends as one: what it started is gone when it is. Its output is read for as
 * long as it lives.
 */
export class ProcessGroup {
  /** Resolves when it runs. @throws what kept it from that. */
  readonly started: Promise<void>;
  /** Resolves when it and its group are gone and all it said has been told. Never rejects. */
  readonly ended: Promise<ProcessEnd>;
  readonly stderr: StderrTail;
  readonly #deps: ProcessDeps;
  readonly #child: ChildProcessWithoutNullStreams | undefined;
  #over = false;
  #broken = false;

  constructor(deps: ProcessDeps) {
    this.#deps = deps;
    const { command, args, cwd, env } = deps.program;
    this.stderr = new StderrTail(env);
    try {
      this.#child = spawn(command, args, {
        detached: true,
        env: { ...process.env, ...env },
        ...(cwd !== undefined && { cwd }),
      });
    } catch (error) {
      // An argument that no program can be given.
      this.started = Promise.reject(error);
      this.started.catch(() => {});
      this.ended = Promise.resolve({ error: error as Error });
      this.#over = true;
      return;
    }
    const child = this.#child;
    this.started = new Promise((resolve, reject) => {
      child.once('spawn', () => resolve());
      child.once('error', reject);
    });
    this.started.catch(() => {});
    // Without a descriptor left there are no pipes either, and the error is still to come.
    const { stdin }: Partial<ChildProcessWithoutNullStreams> = child;
    if (stdin) this.#read(child);
    this.ended = this.#end(child);
  }

  get pid(): number | undefined {
    return this.#over ? undefined : this.#child?.pid;
  }

  /** False when it does not read what it is sent, and nothing was sent. */
  send(line: string): boolean {
    if (!this.#child || this.pid === undefined) return true;
    const { stdin } = this.#child;
    if (!stdin.writable) return true;
    if (stdin.writableLength > MOST_UNREAD) return false;
    stdin.write(`${line}\n`);
    return true;
  }

  closeInput(): void {
    if (this.pid !== undefined) this.#child?.stdin.end();
  }

  /** Ends the whole group. Resolves when it is gone, with false when it could not be ended. Never rejects. */
  async end({ termAfterMs, killAfterMs }: EndOptions): Promise<boolean> {
    if (this.#over) return true;
    const { clock } = this.#deps;
    this.closeInput();
    const cancels: (() => void)[] = [];
    const send = (signal: NodeJS.Signals, afterMs: number) => {
      // At once also where the clock stands still.
      if (afterMs === 0) this.#signal(signal);
      else cancels.push(clock.after(afterMs, () => this.#signal(signal)));
    };
    if (killAfterMs > 0) send('SIGTERM', termAfterMs);
    send('SIGKILL', killAfterMs);
    const gone = await Promise.race([
      this.ended.then(() => true),
      new Promise<boolean>((resolve) => {
        cancels.push(clock.after(killAfterMs + KILLED_MS, () => resolve(false)));
      }),
    ]);
    for (const cancel of cancels) cancel();
    return gone;
  }

  #read(child: ChildProcessWithoutNullStreams): void {
    const lines = new LineReader({
      onLine: (line) => this.#deps.onLine(line),
      onTooLong: (bytes) => this.#break('line_too_long', `it said a line of more than ${bytes} bytes`),
    });
    child.stdin.on('error', () => {
      // It ended, or closed its input: whoever waits for an answer is told by its end, or by the deadline.
    });
    child.stdout.on('data', (chunk: Buffer) => lines.read(chunk));
    child.stdout.once('error', (error) => this.#break('io', `it cannot be read: ${errorText(error)}`));
    child.stdout.once('end', () => {
      lines.end();
      const cancel = this.#deps.clock.after(
        SILENCE_MS,
        () => this.#break('io', 'it closed its output and went on'),
        { background: true },
      );
      child.once('exit', cancel);
      if (child.exitCode !== null || child.signalCode !== null) cancel();
    });
    child.stderr.on('data', (chunk: Buffer) => this.stderr.read(chunk));
    child.stderr.on('error', () => {});
  }

  #end(child: ChildProcessWithoutNullStreams): Promise<ProcessEnd> {
    const forget = killAtExit(() => this.#signal('SIGKILL'));
    return new Promise((resolve) => {
      const over = (end: ProcessEnd) => {
        this.#over = true;
        forget();
        resolve(end);
      };
      child.on('error', (error) => {
        if (child.pid === undefined) over({ error });
      });
      child.once('exit', (exitCode, signal) => {
        // What it started itself.
        this.#signal('SIGKILL');
        const done = () => {
          cancel();
          child.stdout.destroy();
          child.stderr.destroy();
          over({ ...(exitCode !== null && { exitCode }), ...(signal !== null && { signal }) });
        };
        const cancel = this.#deps.clock.after(LAST_WORDS_MS, done);
        child.once('close', done);
      });
    });
  }

  #break(problem: ModuleProcessProblem, text: string): void {
    if (this.#broken || this.#over) return;
    this.#broken = true;
    this.#deps.onBroken(problem, text);
  }

  #signal(signal: NodeJS.Signals): void {
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    const { kill = (to, how) => process.kill(to, how) } = this.#deps;
    try {
      kill(-pid, signal);
    } catch {
      // Gone already, or not ours to end: which of both it is, `end` finds out.
    }
  }
}
