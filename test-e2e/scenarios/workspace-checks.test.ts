import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { packPackages } from '../../scripts/pack-packages.mjs';
import { publicPackages } from '../../scripts/public-packages.mjs';
import { tarballProblems } from '../../scripts/tarball-problems.mjs';
import { closingLine, readTestReport } from '../../scripts/test-report.mjs';
import { workspaceRoot } from '../../scripts/workspace-root.mjs';
import { Program } from '../support/program.js';
import { SmallWorkspace } from '../support/small-workspace.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const bin = (name: string) => join(workspaceRoot, 'node_modules', '.bin', name);

it('[workspace.closing-line] counts tests, a file that could not run as a failure, and what did not run as skipped', () => {
  const file = join(temporaryDirectory(), 'report.json');
  const test = (status: string, fullName = '') => ({ status, fullName });
  const testResults = [
    {
      status: 'passed',
      assertionResults: [test('passed', 'one'), test('skipped', 'two'), test('todo', 'three')],
    },
    { status: 'failed', assertionResults: [test('failed'), test('failed'), test('passed', 'four')] },
    { status: 'failed', assertionResults: [] },
  ];
  writeFileSync(file, JSON.stringify({ testResults }));
  const report = readTestReport(file);
  expect(closingLine(report)).toBe('2 passed, 3 failed, 2 skipped');
  expect(report).toMatchObject({ passedTitles: ['one', 'four'], skippedTitles: ['two', 'three'] });
});

it('[workspace.licences] packs both licences and the build with a package, and none of its tests', () => {
  const [core = ''] = publicPackages(workspaceRoot).filter((directory) => directory.endsWith('/core'));
  for (const licence of ['LICENSE-MIT', 'LICENSE-APACHE']) rmSync(join(core, licence), { force: true });
  const [packed] = packPackages([core], temporaryDirectory());
  expect(tarballProblems(packed?.files ?? [])).toEqual([]);
  expect(tarballProblems(['LICENSE-MIT', 'dist/index.js', 'dist/index.d.ts', 'src/a.test.ts'])).toEqual([
    'LICENSE-APACHE is not in the tarball',
    'src/a.test.ts does not belong in a tarball',
  ]);
});

it('[workspace.boundaries] refuses an import that no line allows', async () => {
  const allowed = [
    ['packages/event-log', 'packages/core'],
    ['packages/http', 'packages/rpc'],
  ] as const;
  const forbidden = [
    ['packages/core', 'packages/di'],
    ['packages/runtime', 'packages/mob'],
    ['packages/rpc', 'apps/reference'],
    ['plugins/delivery', 'packages/di'],
    ['plugins/router-rules', 'plugins/delivery'],
    ['packages/brand-new', 'packages/event-log'],
  ] as const;
  const workspace = new SmallWorkspace();
  workspace.write('tsconfig.base.json', '{}');
  for (const [from, to] of [...allowed, ...forbidden]) {
    workspace.write(`${to}/src/target.ts`, 'export const there = 1;');
    workspace.write(
      `${from}/src/from-${to.replace('/', '-')}.ts`,
      `export * from '../../../${to}/src/target.js';`,
    );
  }
  const config = join(workspaceRoot, '.dependency-cruiser.mjs');
  const args = ['packages', 'plugins', 'apps', '--config', config, '--output-type', 'json'];
  const { stdout } = await new Program(bin('depcruise'), args, { cwd: workspace.root }).ended;
  const { summary } = JSON.parse(stdout) as { summary: { violations: { from: string; to: string }[] } };
  const directory = (path: string) => path.split('/').slice(0, 2).join('/');
  expect(summary.violations.map(({ from, to }) => [directory(from), directory(to)])).toEqual(
    expect.arrayContaining(forbidden.map((pair) => [...pair])),
  );
  expect(summary.violations).toHaveLength(forbidden.length);
});
