import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { namedRequirements } from '../scripts/named-requirements.mjs';
import { readRequirements } from '../scripts/read-requirements.mjs';
import { workspaceRoot } from '../scripts/workspace-root.mjs';
import { requirements } from './requirements.js';

const ids = requirements.map((requirement) => requirement.id);

it('[workspace.requirements-complete] gives every requirement an id of its own, a behaviour and a fault', async () => {
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  expect(ids.filter((id) => !/^[a-z]+\.[a-z0-9]+(-[a-z0-9]+)*$/.test(id))).toEqual([]);
  const incomplete = requirements.filter(({ behaviour, fault }) => !behaviour.trim() || !fault.trim());
  expect(incomplete.map(({ id }) => id)).toEqual([]);
  // Else a file of requirements/ is missing from requirements.ts.
  expect(ids.toSorted()).toEqual((await readRequirements(workspaceRoot)).map(({ id }) => id).toSorted());
});

it('[workspace.requirements-tested] has a test for every requirement, and no test of an unknown one', () => {
  const named = new Set(testTitles().flatMap(namedRequirements));
  expect(ids.filter((id) => !named.has(id))).toEqual([]);
  expect([...named].filter((id) => !ids.includes(id))).toEqual([]);
});

/** Every string in our sources that begins as a title with an id does. */
function testTitles(): string[] {
  return ['packages', 'plugins', 'apps']
    .flatMap((folder) => readdirSync(join(workspaceRoot, folder)).map((name) => join(folder, name)))
    .flatMap((directory) => [join(directory, 'src'), join(directory, 'test')])
    .concat('test-e2e')
    .map((directory) => join(workspaceRoot, directory))
    .filter((directory) => existsSync(directory))
    .flatMap((directory) =>
      readdirSync(directory, { recursive: true, encoding: 'utf8' }).map((file) => join(directory, file)),
    )
    .filter((file) => file.endsWith('.ts'))
    .flatMap(
      (file) => readFileSync(file, 'utf8').match(/(?<=['"`])(?:\[[a-z][a-z0-9-]*\.[a-z0-9.-]+\] ?)+/g) ?? [],
    );
}
