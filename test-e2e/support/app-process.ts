import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

import { onTestFinished } from 'vitest';

/** The built app: what a user runs. */
export const appMain = fileURLToPath(new URL('../../apps/reference/dist/main.js', import.meta.url));

/** A line of the app's log. */
export interface LogLine {
  readonly msg: string;
  readonly level: number;
  readonly [key: string]: unknown;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of the app to its end. */
export async function mobkit(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [appMain, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
    env: { ...process.env, ...options.env },
  });
  const end = ended(child);
  // Gone before its directories are.
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await end;
  });
  return end;
}

/** Starts a server on a free port. */
export function startServer(
  args: readonly string[],
  env?: NodeJS.ProcessEnv,
  command: 'up' | 'takeover' = 'up',
): AppProcess {
  return new AppProcess([command, '--port', '0', ...args], env);
}

/** A command of the app that prints JSON lines, killed when the test is finished. */
export class AppProcess {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #waiting = new Set<() => void>();
  #over = false;
  readonly lines: LogLine[] = [];
  readonly ended: Promise<Ended>;

  constructor(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    this.#child = spawn(process.execPath, [appMain, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    onTestFinished(async () => {
      await this.kill();
    });
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      this.lines.push(JSON.parse(line) as LogLine);
      for (const wake of this.#waiting) wake();
    });
    this.ended = ended(this.#child).then((end) => {
      this.#over = true;
      for (const wake of this.#waiting) wake();
      return end;
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** The first line, past or to come, that `matches`. Fails when the app ends without it. */
  async line(matches: (line: LogLine) => boolean): Promise<LogLine> {
    for (;;) {
      const found = this.lines.find(matches);
      if (found) return found;
      // Not by its exit code: what it printed last may still be on its way.
      if (this.#over) throw new Error(`The app ended: ${JSON.stringify(await this.ended)}`);
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#waiting.delete(wake);
          resolve();
        };
        this.#waiting.add(wake);
      });
    }
  }

  /** The address, once it is up. */
  async url(): Promise<string> {
    return String((await this.line((line) => typeof line['url'] === 'string'))['url']);
  }

  async rpc<T>(method: string, params: object = {}): Promise<T> {
    const response = await fetch(`${await this.url()}/rpc`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
    const { result, error } = (await response.json()) as { result: T; error?: unknown };
    if (error) throw new Error(JSON.stringify(error));
    return result;
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    this.#child.kill(signal);
    return this.ended;
  }

  kill(): Promise<Ended> {
    return this.stop('SIGKILL');
  }
}

async function ended(child: ChildProcessByStdio<null, Readable, Readable>): Promise<Ended> {
  const out = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (out.stderr += text));
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, ...out };
}
