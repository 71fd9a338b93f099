import { expect, it } from 'vitest';

import { lines } from '../test/support/start-modules.js';
import { createModules, type ModulesOptions } from './create-modules.js';

const refused = (options: Partial<ModulesOptions>) => () =>
  createModules({ modules: [lines('one')], ...options });

it('[modules.config] refuses modules that cannot be meant, by their id and field, and numbers that cannot', async () => {
  const invalid = (field: string, module: string) =>
    expect.objectContaining({ code: 'MOB_CONFIG_INVALID', details: { module, field } }) as Error;
  expect(refused({ modules: [lines('one'), lines('one')] })).toThrow(invalid('id', 'one'));
  expect(refused({ modules: [lines(' ')] })).toThrow(invalid('id', ' '));
  expect(refused({ modules: [{ ...lines('one'), command: '' }] })).toThrow(invalid('command', 'one'));
  const restartPolicy = 'sometimes' as 'never';
  expect(refused({ modules: [{ ...lines('one'), restartPolicy }] })).toThrow(
    invalid('restart_policy', 'one'),
  );
  expect(refused({ startTimeoutMs: 0 })).toThrow(TypeError);
  expect(refused({ restartBackoffMs: -1 })).toThrow(TypeError);
  expect(refused({ onFailureRetryBudget: 0.5 })).toThrow(TypeError);
  const host = createModules({ modules: [], discovery: { modules: ['nobody'] } });
  const signal = new AbortController().signal;
  await expect(host.start({ onEvent: () => {}, signal })).rejects.toMatchObject({
    code: 'MOB_CONFIG_INVALID',
    details: { module: 'nobody' },
  });
});
