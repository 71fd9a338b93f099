import type { MobDefinition } from '@mobkit/core/mob';
import { expect, it } from 'vitest';

import { resolveSchemaPaths } from './resolve-schema-paths.js';

const definition = (...schemas: readonly string[]): MobDefinition => ({
  id: 'crew',
  profiles: { worker: { model: 'm' } },
  flows: {
    f: {
      steps: Object.fromEntries(
        schemas.map((schema, at) => [
          `s${at}`,
          { role: 'worker', message: 'go', expected_schema_ref: schema },
        ]),
      ),
    },
  },
});

it('[flow.schema-files] puts schemas that are files into the definition, and reports those that cannot be used', () => {
  const files: Readonly<Record<string, string>> = {
    '/mob/good.json': '{"type":"object"}',
    '/mob/bad.json': 'nothing',
  };
  const read = (path: string) => {
    const text = files[path];
    if (text === undefined) throw new Error('it is not there');
    return text;
  };
  const resolved = resolveSchemaPaths(
    definition('good.json', '{"type":"string"}', 'bad.json', 'none.json'),
    read,
    '/mob',
    ([, , , step]) => ({ line: step === 's2' ? 3 : 4, column: 1 }),
  );
  const steps = resolved.definition.flows?.['f']?.steps;
  expect(steps?.['s0']?.expected_schema_ref).toBe('{"type":"object"}');
  expect(steps?.['s1']?.expected_schema_ref).toBe('{"type":"string"}');
  expect(resolved.diagnostics).toMatchObject([
    { code: 'flow_invalid_schema', location: 'flows.f.steps.s2.expected_schema_ref', line: 3 },
    { code: 'missing_schema_file', location: 'flows.f.steps.s3.expected_schema_ref', line: 4 },
  ]);
});
