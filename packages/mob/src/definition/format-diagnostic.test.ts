import { expect, it } from 'vitest';

import { formatDiagnostic } from './format-diagnostic.js';

it('[definition.line-format] writes a diagnostic as one line, leaving out what it has nothing for', () => {
  const diagnostic = {
    code: 'missing_skill_ref',
    message: 'There is no skill "x"',
    severity: 'error',
  } as const;
  const place = { location: 'profiles.worker.skills[0]', line: 12, column: 3 };
  expect(formatDiagnostic({ ...diagnostic, ...place }, 'mob.toml')).toBe(
    'mob.toml:12:3 error missing_skill_ref profiles.worker.skills[0]: There is no skill "x"',
  );
  expect(formatDiagnostic({ ...diagnostic, severity: 'warning' }, 'mob.toml')).toBe(
    'mob.toml warning missing_skill_ref: There is no skill "x"',
  );
});
