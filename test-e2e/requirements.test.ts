import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { namedRequirements } from '../scripts/named-requirements.mjs';
import { readRequirements } from '../scripts/read-requirements.mjs';
import { workspaceRoot } from '../scripts/workspace-root.mjs';
import { requirements } from './requirements.js';

/** After `it(`, `describe(`, `describeProofs(` of the kit, or `it.each(…)(`. */
const titleWithIds =
  /(?<=(?:\b(?:it|test|describe|describeProofs)(?:\.\w+)*|\))\(\s*['"`])(?:\[[a-z][a-z0-9-]*\.[a-z0-9.-]+\] ?)+/g;

const ids = requirements.map((requirement) => requirement.id);

it('[workspace.requirements-complete] gives every requirement an id of its own, a behaviour and a fault', async () => {
  expect.soft(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  expect.soft(ids.filter((id) => !/^[a-z]+\.[a-z0-9]+(-[a-z0-9]+)*$/.test(id))).toEqual([]);
  const incomplete = requirements.filter(({ behaviour, fault }) => !behaviour.trim() || !fault.trim());
  expect.soft(incomplete.map(({ id }) => id)).toEqual([]);
  // Else a file of requirements/ is missing from requirements.ts.
  expect.soft(ids.toSorted()).toEqual((await readRequirements(workspaceRoot)).map(({ id }) => id).toSorted());
});

it('[workspace.requirements-tested] has a test for every requirement, and no test of an unknown one', () => {
  const named = new Set(testTitles().flatMap(namedRequirements));
  expect.soft(ids.filter((id) => !named.has(id))).toEqual([]);
  expect.soft([...named].filter((id) => !ids.includes(id))).toEqual([]);
});

it('[workspace.deviations-held] lets every deviation name a requirement that holds it', () => {
  const text = readFileSync(join(workspaceRoot, 'docs', 'decisions', 'deviations.md'), 'utf8');
  const rows = text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2);
  const unheld = rows.filter((row) => {
    const held =
      row
        .split('|')
        .at(-2)
        ?.match(/[a-z]+\.[a-z0-9-]+/g) ?? [];
    return held.length === 0 || held.some((id) => !ids.includes(id));
  });
  expect(rows.length).toBeGreaterThan(0);
  expect(unheld).toEqual([]);
});

/** The ids at the beginning of the titles of all tests and suites. */
function testTitles(): string[] {
  return ['packages', 'plugins', 'apps']
    .flatMap((folder) => readdirSync(join(workspaceRoot, folder)).map((name) => join(folder, name)))
    .flatMap((directory) => [join(directory, 'src'), join(directory, 'test')])
    .map((directory) => join(workspaceRoot, directory))
    .filter((directory) => existsSync(directory))
    .flatMap((directory) => filesOf(directory, '.ts'))
    .concat(filesOf(join(workspaceRoot, 'test-e2e'), '.test.ts'))
    .flatMap((file) => readFileSync(file, 'utf8').match(titleWithIds) ?? []);
}

function filesOf(directory: string, ending: string): string[] {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith(ending)).map((file) => join(directory, file));
}
