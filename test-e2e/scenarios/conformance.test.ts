import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { packPackages } from '../../scripts/pack-packages.mjs';
import { workspaceRoot } from '../../scripts/workspace-root.mjs';
import { Program, type ProgramEnd } from '../support/program.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** A project that has nothing of ours but two tarballs, and the store of `conformance-store`. */
async function outsideProject(): Promise<string> {
  const root = temporaryDirectory();
  const ours = ['core', 'contract-kit'].map((name) => join(workspaceRoot, 'packages', name));
  const tarballs = packPackages(ours, root).map(({ name, tarball }) => [name, `file:${tarball}`]);
  const dependencies: Record<string, string> = {
    ...Object.fromEntries(tarballs),
    // The one that is installed here: nothing is fetched.
    vitest: `link:${join(workspaceRoot, 'node_modules', 'vitest')}`,
  };
  const overrides = Object.fromEntries(tarballs);
  const manifest = { name: 'outside', private: true, type: 'module', dependencies, pnpm: { overrides } };
  writeFileSync(join(root, 'package.json'), JSON.stringify(manifest));
  cpSync(join(workspaceRoot, 'test-e2e', 'conformance-store'), root, { recursive: true });
  const pnpm = join(workspaceRoot, 'node_modules', '.bin', 'pnpm');
  const installed = await new Program(pnpm, ['install', '--offline', '--ignore-workspace'], { cwd: root })
    .ended;
  expect(installed).toMatchObject({ code: 0 });
  return root;
}

function prove(root: string, ...args: readonly string[]): Promise<ProgramEnd> {
  return new Program('npx', ['--no-install', 'mobkit-conformance', ...args], { cwd: root }).ended;
}

it('[kit.outside] [kit.outside-fails] [kit.usage] proves a store outside of the project', async () => {
  const root = await outsideProject();
  const sound = await prove(root, './store.js');
  expect(sound).toMatchObject({ code: 0, stdout: expect.stringMatching(/^journal: conforms/) });

  const partition = join(root, 'log-partition.js');
  const source = readFileSync(partition, 'utf8');
  writeFileSync(partition, source.replace('expectedLastSeq !== before', 'false'));
  const broken = await prove(root, './store.js', '--json');
  const card = JSON.parse(broken.stdout) as {
    passed: boolean;
    contracts: { chapters: { chapter: string; result: string }[] }[];
  };
  const chapters = card.contracts.flatMap((contract) => contract.chapters);
  const failed = chapters.filter(({ result }) => result === 'failed').map(({ chapter }) => chapter);
  expect([broken.code, card.passed, failed]).toEqual([1, false, ['expectations', 'commit']]);

  writeFileSync(join(root, 'none.js'), 'export const store = 1;\n');
  const none = await prove(root, './none.js');
  expect(none).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('no export "harness"') });
}, 180_000);
