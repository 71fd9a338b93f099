import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const hooks = new URL('../../../test-e2e/support/typescript-hooks.mjs', import.meta.url).href;
const program = fileURLToPath(new URL('ending-program.ts', import.meta.url));

/** Runs `ending-program.ts` to its end. Answers with its exit code and what it printed. */
export function runEndingProgram(what: string): Promise<{ readonly code: unknown; readonly said: string }> {
  const args = ['--conditions=@mobkit/source', '--import', hooks, program, what];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { timeout: 50_000 }, (error, stdout) => {
      resolve({ code: error ? (error.code ?? error.signal) : 0, said: stdout.trim() });
    });
  });
}
