import { expect, it } from 'vitest';

import { parseMobDefinition } from './parse-mob-definition.js';
import { resolveSkillPaths } from './resolve-skill-paths.js';

const { definition = { id: '', profiles: {} }, positionOf } = parseMobDefinition(
  `[mob]
id = "m"
[profiles.worker]
model = "x"
[skills.near]
source = "path"
path = "skills/near.md"
[skills.far]
source = "path"
path = "/etc/far.md"
[skills.here]
source = "inline"
content = "here"
`,
  { format: 'toml' },
);

it('[definition.skill-files] puts the text of skill files into the definition, by paths from its directory', () => {
  const resolved = resolveSkillPaths(definition, (path) => `text of ${path}`, '/mobs/one');
  expect(resolved.diagnostics).toEqual([]);
  expect(resolved.definition).toEqual({
    ...definition,
    skills: {
      near: { source: 'inline', content: 'text of /mobs/one/skills/near.md' },
      far: { source: 'inline', content: 'text of /etc/far.md' },
      here: { source: 'inline', content: 'here' },
    },
  });
  expect(definition.skills?.['near']).toEqual({ source: 'path', path: 'skills/near.md' });
});

it('[definition.skill-files] reports every file that cannot be read, with its place', () => {
  const readFile = () => {
    throw new Error('no such file');
  };
  const { diagnostics } = resolveSkillPaths(definition, readFile, '/mobs/one', positionOf);
  expect(diagnostics).toMatchObject([
    { code: 'missing_skill_file', severity: 'error', location: 'skills.near.path', line: 7, column: 1 },
    { code: 'missing_skill_file', severity: 'error', location: 'skills.far.path', line: 10, column: 1 },
  ]);
  expect(diagnostics[0]?.message).toContain('/mobs/one/skills/near.md: no such file');
});
