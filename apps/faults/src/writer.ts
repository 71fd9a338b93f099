import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { onTestFinished } from 'vitest';

const hooks = new URL('../../../test-e2e/support/typescript-hooks.mjs', import.meta.url).href;
const program = fileURLToPath(new URL('writer-program.ts', import.meta.url));

export interface WriterOptions {
  readonly connectionString: string;
  readonly schema: string;
  readonly writer: number;
  readonly entries: number;
}

/** A process that appends; ends by itself when it has appended all of its entries. */
export class Writer {
  /** How many of its entries it was told are kept. */
  acknowledged = 0;
  /** Its exit code; rejects nothing. */
  readonly ended: Promise<number | null>;
  #onAcknowledged = () => {};

  constructor({ connectionString, schema, writer, entries }: WriterOptions) {
    const args = ['--conditions=@mobkit/source', '--import', hooks, program];
    const child = spawn(process.execPath, args, {
      // Not as arguments: those are for everybody to see.
      env: {
        ...process.env,
        FAULTS_ADDRESS: connectionString,
        FAULTS_SCHEMA: schema,
        FAULTS_WRITER: String(writer),
        FAULTS_ENTRIES: String(entries),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.acknowledged = Number(line);
      this.#onAcknowledged();
    });
    this.ended = once(child, 'close').then(([code]) => {
      this.#onAcknowledged();
      return code as number | null;
    });
  }

  /** Resolves when so many entries are acknowledged. */
  reached(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#onAcknowledged = () => {
        if (this.acknowledged >= count) resolve();
      };
      this.#onAcknowledged();
    });
  }
}
