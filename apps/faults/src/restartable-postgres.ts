import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const supervisor = fileURLToPath(
  new URL('../../../test-e2e/support/postgres-supervisor.mjs', import.meta.url),
);

/** A Postgres of the test's own that can be killed and started again. */
export interface RestartablePostgres {
  readonly connectionString: string;
  /** SIGKILL to all of its processes. */
  kill(): Promise<void>;
  /** On the same files and port; resolves when it takes connections. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function startPostgres(): Promise<RestartablePostgres> {
  const child = spawn(process.execPath, [supervisor], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error('Postgres is gone');
    return value;
  };
  const say = async (word: string) => {
    child.stdin.write(`${word}\n`);
    await line();
  };
  return {
    connectionString: await line(),
    kill: () => say('kill'),
    restart: () => say('restart'),
    async close() {
      const exited = once(child, 'exit');
      child.stdin.end();
      await exited;
    },
  };
}
