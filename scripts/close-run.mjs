import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { closingLine, readTestReport } from './test-report.mjs';
import { workspaceRoot } from './workspace-root.mjs';

const report = join(workspaceRoot, 'test-results', 'vitest.json');
if (existsSync(report)) {
  console.log(closingLine(readTestReport(report)));
} else {
  console.error('The tests wrote no report.');
  process.exitCode = 1;
}
