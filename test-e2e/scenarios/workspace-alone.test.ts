import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

import { Program } from '../support/program.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const alone = fileURLToPath(new URL('../../scripts/alone.mjs', import.meta.url));

/** A process that takes the lock of a directory, says so, and keeps it until it is signalled. */
function holder(directory: string): Program {
  const code = `
    import { alone } from ${JSON.stringify(alone)};
    const told = new Promise((resolve) => process.once('SIGTERM', resolve));
    const work = async () => { console.log('in'); const alive = setInterval(() => {}, 1000); await told; clearInterval(alive); console.log('out'); };
    await alone(${JSON.stringify(directory)}, work, () => console.log('waiting'));`;
  return new Program(process.execPath, ['--input-type=module', '-e', code]);
}

it('[workspace.alone] lets one at a time work, and says that the others wait', async () => {
  const directory = temporaryDirectory();
  const first = holder(directory);
  await first.printed('in');
  const others = [holder(directory), holder(directory)];
  for (const other of others) {
    await other.printed('waiting');
    other.signal('SIGTERM');
  }
  const elsewhere = holder(temporaryDirectory());
  await elsewhere.printed('in');

  first.signal('SIGTERM');
  expect((await first.ended).stdout).toBe('in\nout\n');
  for (const other of others) expect((await other.ended).stdout).toBe('waiting\nin\nout\n');
});

it('[workspace.alone-killed] hands on the lock of a process that was killed, with nothing to clean up', async () => {
  const directory = temporaryDirectory();
  const killed = holder(directory);
  await killed.printed('in');
  const next = holder(directory);
  await next.printed('waiting');
  killed.signal('SIGKILL');
  await next.printed('in');
  expect(await killed.ended).toMatchObject({ signal: 'SIGKILL', stdout: 'in\n' });
});

it('[workspace.alone-work] gives back the result, and the lock after a failure', async () => {
  const directory = temporaryDirectory();
  const { alone: aloneHere } = await import('../../scripts/alone.mjs');
  const never = () => expect.unreachable();
  const failing = async () => {
    throw new Error('no');
  };
  await expect(aloneHere(directory, failing, never)).rejects.toThrow('no');
  expect(await aloneHere(directory, async () => 7, never)).toBe(7);
});
