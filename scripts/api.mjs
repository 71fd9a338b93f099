import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import { apiProblems, undocumentedExports } from './api-problems.mjs';
import { apiReports } from './api-report.mjs';
import { build } from './build.mjs';
import { publicDoors } from './public-doors.mjs';
import { publicPackages } from './public-packages.mjs';
import { workspaceRoot } from './workspace-root.mjs';

// What every package exports, kept in `etc/api` so that a change of it is seen in the diff.
//
//   npm run api              fails when the reports are not what the code says, or an export has no comment
//   npm run api -- --write   writes them

const folder = join(workspaceRoot, 'etc', 'api');
const write = process.argv.includes('--write');

process.exitCode = (await buildPackages()) || check();

function buildPackages() {
  const directories = publicPackages(workspaceRoot).map((directory) => relative(workspaceRoot, directory));
  return build(workspaceRoot, directories);
}

function check() {
  const scratch = mkdtempSync(join(tmpdir(), 'mobkit-api-'));
  try {
    const current = apiReports(publicDoors(workspaceRoot), scratch);
    if (write) writeReports(current);
    const problems = [
      ...apiProblems(keptReports(), current),
      ...[...current].flatMap(([name, report]) =>
        undocumentedExports(report).map((line) => `${name}: says nothing about: ${line}`),
      ),
    ];
    for (const problem of problems) console.error(problem);
    if (problems.length > 0 && !write) console.error('When it is meant: npm run api -- --write');
    console.log(`${current.size} doors looked at`);
    return problems.length > 0 ? 1 : 0;
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** @param {ReadonlyMap<string, string>} reports */
function writeReports(reports) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, report] of reports) writeFileSync(join(folder, name), report);
}

function keptReports() {
  mkdirSync(folder, { recursive: true });
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}
