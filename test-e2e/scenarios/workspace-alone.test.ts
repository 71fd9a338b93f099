import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

import { Program } from '../support/program.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const alone = fileURLToPath(new URL('../../scripts/alone.mjs', import.meta.url));

/** A process that takes the lock of a directory, says and notes there that it did, and keeps it until it is signalled. */
function holder(directory: string): Program {
  const code = `
    import { appendFileSync } from 'node:fs';
    import { alone } from ${JSON.stringify(alone)};
    const told = new Promise((resolve) => process.once('SIGTERM', resolve));
    const note = (what) => {
      appendFileSync(${JSON.stringify(join(directory, 'notes'))}, what + ' ');
      console.log(what);
    };
    const work = async () => {
      note('begin');
      const alive = setInterval(() => {}, 1e6);
      await told;
      clearInterval(alive);
      note('end');
    };
    await alone(${JSON.stringify(directory)}, work, () => console.log('waiting'));`;
  return new Program(process.execPath, ['--input-type=module', '-e', code]);
}

it('[workspace.alone] lets one at a time work, and says that the others wait', async () => {
  const directory = temporaryDirectory();
  const first = holder(directory);
  await first.printed('begin');
  const others = [holder(directory), holder(directory)];
  for (const other of others) {
    await other.printed('waiting');
    other.signal('SIGTERM');
  }
  // Another directory is another lock; and it takes long enough for a waiter that does not wait to show.
  await holder(temporaryDirectory()).printed('begin');

  first.signal('SIGTERM');
  for (const one of [first, ...others]) await one.ended;
  expect(readFileSync(join(directory, 'notes'), 'utf8')).toBe('begin end begin end begin end ');
});

it('[workspace.alone-killed] hands on the lock of a process that was killed, with nothing to clean up', async () => {
  const directory = temporaryDirectory();
  const killed = holder(directory);
  await killed.printed('begin');
  const next = holder(directory);
  await next.printed('waiting');
  killed.signal('SIGKILL');
  await next.printed('begin');
  expect(await killed.ended).toMatchObject({ signal: 'SIGKILL', stdout: 'begin\n' });
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
