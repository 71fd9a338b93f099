import { type ChildProcessByStdio, spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

import { onTestFinished } from 'vitest';

export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program in a process group of its own, as a terminal starts one; the group is killed when the test is finished. */
export class Program {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly ended: Promise<ProgramEnd>;
  #printed = '';
  #over = false;
  #onPrint = () => {};

  constructor(command: string, args: readonly string[], options: Pick<SpawnOptions, 'cwd' | 'env'> = {}) {
    this.#child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    onTestFinished(async () => {
      this.signalGroup('SIGKILL');
      // Gone before its directory is.
      await this.ended;
    });
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      this.#child[name].setEncoding('utf8').on('data', (text: string) => {
        said[name] += text;
        this.#printed += text;
        this.#onPrint();
      });
    }
    this.ended = once(this.#child, 'close').then(([code, signal]) => {
      this.#over = true;
      this.#onPrint();
      return { code: code as number | null, signal: signal as NodeJS.Signals | null, ...said };
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Waits until it printed this. Fails when it ends without. */
  async printed(text: string): Promise<void> {
    while (!this.#printed.includes(text)) {
      // Not by its exit code: what it printed last may still be on its way.
      if (this.#over) throw new Error(`It ended without "${text}": ${this.#printed}`);
      await new Promise<void>((resolve) => (this.#onPrint = resolve));
    }
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** To every process of the group, as Ctrl-C does. */
  signalGroup(name: NodeJS.Signals): void {
    try {
      process.kill(-this.pid, name);
    } catch {
      // Nobody is left in it.
    }
  }
}
