import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

import { Program } from '../support/program.js';
import { SmallWorkspace } from '../support/small-workspace.js';

const makeReady = fileURLToPath(new URL('../../scripts/make-ready.mjs', import.meta.url));

/** Runs an install as `npm start` does; its exit code. */
async function install({ root, env }: SmallWorkspace): Promise<number | null> {
  const code = `import { makeReady } from ${JSON.stringify(makeReady)}; process.exitCode = await makeReady(${JSON.stringify(root)});`;
  return (await new Program(process.execPath, ['--input-type=module', '-e', code], { env }).ended).code;
}

it('[workspace.install-once] installs again only when the lockfile or a manifest changed', async () => {
  const workspace = new SmallWorkspace();
  workspace.pnpm('10.34.9');
  expect([await install(workspace), await install(workspace)]).toEqual([0, 0]);
  expect(workspace.installs).toEqual([expect.stringMatching(/^pnpm install/)]);

  workspace.write('pnpm-lock.yaml', 'two');
  await install(workspace);
  expect(workspace.installs).toHaveLength(2);

  workspace.write('packages/core/package.json', '{ "dependencies": {} }');
  await install(workspace);
  workspace.write('plugins/new/package.json', '{}');
  await install(workspace);
  await install(workspace);
  expect(workspace.installs).toHaveLength(4);
});

it('[workspace.install-failed] passes on the exit code of a failed install and tries again', async () => {
  const workspace = new SmallWorkspace();
  workspace.pnpm('10.34.9');
  await install(workspace);

  workspace.write('pnpm-lock.yaml', 'two');
  workspace.pnpm('10.34.9', 7);
  expect(await install(workspace)).toBe(7);

  // Back to what the last success was for, but node_modules may be half of the other.
  workspace.write('pnpm-lock.yaml', 'one');
  workspace.pnpm('10.34.9');
  expect(await install(workspace)).toBe(0);
  expect(workspace.installs).toHaveLength(3);
});

it('[workspace.pnpm] takes the pnpm of another version from npx', async () => {
  const workspace = new SmallWorkspace();
  workspace.pnpm('9.0.0');
  workspace.program('npx', 'mkdir -p node_modules');
  expect(await install(workspace)).toBe(0);
  expect(workspace.installs).toEqual([expect.stringMatching(/^npx -y pnpm@10\.34\.9 install/)]);
});
