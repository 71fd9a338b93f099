import './check-platform.mjs';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { makeReady } from './make-ready.mjs';
import { run } from './run.mjs';
import { say } from './say.mjs';
import { readTestReport } from './test-report.mjs';
import { workspaceRoot } from './workspace-root.mjs';

const report = join(workspaceRoot, 'test-results', 'vitest.json');

process.exitCode = (await makeReady(workspaceRoot)) || (await test(process.argv.slice(2)));

/** @param {readonly string[]} args */
async function test(args) {
  // Else a run that never gets to its end would be judged by the one before.
  rmSync(report, { force: true });
  say('testing');
  const vitest = join(workspaceRoot, 'node_modules', '.bin', 'vitest');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const code = await run(vitest, ['run', ...reporters, ...args], { cwd: workspaceRoot });
  return code || judgeSkipped();
}

/** On a developer's machine a skipped test is a remark; in CI nobody would read it. */
function judgeSkipped() {
  const { skippedTitles } = existsSync(report) ? readTestReport(report) : { skippedTitles: [] };
  for (const title of skippedTitles) say(`skipped: ${title}`);
  return process.env['CI'] && skippedTitles.length > 0 ? 1 : 0;
}
