import { join } from 'node:path';

import { namedRequirements } from './named-requirements.mjs';
import { readRequirements } from './read-requirements.mjs';
import { readTestReport } from './test-report.mjs';
import { workspaceRoot } from './workspace-root.mjs';

const { passedTitles } = readTestReport(join(workspaceRoot, 'test-results', 'vitest.json'));
const held = new Set(passedTitles.flatMap(namedRequirements));
const requirements = await readRequirements(workspaceRoot);
for (const { id, behaviour } of requirements) {
  if (held.has(id)) continue;
  console.error(`No passed test names [${id}]: ${behaviour}`);
  process.exitCode = 1;
}
console.log(`${requirements.length} requirements looked up in the test report`);
