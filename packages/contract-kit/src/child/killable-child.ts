import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { extname, isAbsolute } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import type { ChildEntry } from '../harness.js';
import type { ChildStart } from './child-program.js';
import type { Work } from './work.js';

/** Of what a failing child prints, enough for a stack. */
const STDERR_CHARS = 4_000;

// The kit may run from its sources, with what that takes in `execArgv`.
const program = fileURLToPath(new URL(`child-program${extname(import.meta.url)}`, import.meta.url));

/** A process that writes into the store under test, and can be killed at any moment. */
export class KillableChild {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  #acknowledged: number;
  #stderr = '';
  #over = false;
  #onChange = () => {};

  constructor({ entry, execArgv = [], argument }: ChildEntry, work: Work) {
    this.#acknowledged = work.from - 1;
    this.#child = fork(program, [], {
      execArgv: [...execArgv],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    // What it said last is heard before its end.
    const ends = [once(this.#child, 'exit'), once(this.#child, 'disconnect')];
    this.#exited = Promise.all(ends).finally(() => {
      this.#over = true;
      this.#onChange();
    });
    this.#child.on('message', (step: number) => {
      this.#acknowledged = step;
      this.#onChange();
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_CHARS);
    });
    const start: ChildStart = { entry: urlOf(entry), argument: argument(), work };
    this.#child.send(start);
  }

  /** The last step that the store returned from, as far as is known here. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** Waits until a step was acknowledged. Fails when the child ends before. */
  async reached(step: number): Promise<void> {
    while (this.#acknowledged < step) {
      if (this.#over) {
        throw new Error(`The child ended after step ${this.#acknowledged}: ${this.#stderr}`);
      }
      await new Promise<void>((resolve) => (this.#onChange = resolve));
    }
  }

  /** Waits for the end of a child that has work to an end. */
  async ended(): Promise<void> {
    await this.#exited;
    if (this.#child.exitCode === 0) return;
    throw new Error(`The child failed after step ${this.#acknowledged}: ${this.#stderr}`);
  }

  /** Ends it as a crash would, and waits until it is gone. Answers with the last step acknowledged. */
  async kill(): Promise<number> {
    this.#child.kill('SIGKILL');
    await this.#exited;
    return this.#acknowledged;
  }
}

function urlOf(entry: URL | string): string {
  if (entry instanceof URL) return entry.href;
  return isAbsolute(entry) ? pathToFileURL(entry).href : entry;
}
