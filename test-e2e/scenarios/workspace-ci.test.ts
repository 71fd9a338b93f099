import { cpSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { workspaceRoot } from '../../scripts/workspace-root.mjs';
import { Program, type ProgramEnd } from '../support/program.js';
import { SmallWorkspace } from '../support/small-workspace.js';

/** Our commands in a workspace where each tool is a stand-in, and the tests are these. */
function workspaceWithTests(statuses: readonly string[]): SmallWorkspace {
  const workspace = new SmallWorkspace();
  for (const path of ['scripts', '.ci']) {
    cpSync(join(workspaceRoot, path), join(workspace.root, path), { recursive: true });
  }
  workspace.pnpm('10.34.9');
  const assertionResults = statuses.map((status) => ({ status, fullName: `a test that ${status}` }));
  const report = JSON.stringify({ testResults: [{ status: 'passed', assertionResults }] });
  const write = `mkdir -p test-results; echo '${report}' > test-results/vitest.json`;
  workspace.program('vitest', write);
  workspace.program('npm', `${write}; [ "$*" != "run -s lint" ]`);
  workspace.program('git', 'echo abc');
  workspace.program('changeset', '');
  workspace.install('vitest');
  return workspace;
}

const npmTest = ({ root, env }: SmallWorkspace, ci: string): Promise<ProgramEnd> =>
  new Program(process.execPath, ['scripts/test.mjs'], { cwd: root, env: { ...env, CI: ci } }).ended;

it('[workspace.ci-skipped] fails the tests in CI when one was skipped, and names it', async () => {
  const workspace = workspaceWithTests(['passed', 'skipped']);
  expect((await npmTest(workspace, '')).code).toBe(0);
  const inCi = await npmTest(workspace, 'true');
  expect(inCi.code).toBe(1);
  expect(inCi.stderr).toContain('skipped: a test that skipped');
  expect((await npmTest(workspaceWithTests(['passed']), 'true')).code).toBe(0);
});

it('[workspace.ci] runs every stage after one that failed, says how long each took, and ends with the counts', async () => {
  const { root, env } = workspaceWithTests(['passed', 'passed', 'failed']);
  const end = await new Program('bash', ['.ci/run'], { cwd: root, env }).ended;
  expect(end.code).toBe(1);
  const lines = end.stdout.trimEnd().split('\n');
  expect(lines.at(-1)).toBe('2 passed, 1 failed, 0 skipped');
  expect(lines.at(-2)).toBe('failed: lint');
  expect(lines.filter((line) => /^ *\d+ s {2}/.test(line)).map((line) => line.split(' s  ')[1])).toEqual([
    'test',
    'requirements',
    'types',
    'lint',
    'boundaries',
    'unused',
    'format',
    'changesets',
    'build',
    'api',
    'pack',
  ]);
});
