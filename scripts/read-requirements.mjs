import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

/**
 * The requirements of every area, without a test runner.
 *
 * @param {string} root
 * @returns {Promise<{ id: string, behaviour: string, fault: string }[]>}
 */
export async function readRequirements(root) {
  const folder = join(root, 'test-e2e', 'requirements');
  const requirements = [];
  for (const name of readdirSync(folder).toSorted()) {
    const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
    const { outputText } = ts.transpileModule(readFileSync(join(folder, name), 'utf8'), { compilerOptions });
    // They import nothing but types, so that the text stands alone.
    const exported = await import(`data:text/javascript,${encodeURIComponent(outputText)}`);
    for (const area of Object.values(exported)) requirements.push(...area);
  }
  return requirements;
}
