import { expect, it } from 'vitest';

import { isMobError, MobError } from './errors.js';

it('keeps the code, the cause and what a handler may need', () => {
  const cause = new Error('ENOSPC');
  const error = new MobError('MOB_STORE_UNAVAILABLE', 'No room', {
    cause,
    retryable: true,
    details: { a: 1 },
  });
  expect(error).toMatchObject({
    name: 'MobError',
    code: 'MOB_STORE_UNAVAILABLE',
    cause,
    retryable: true,
    details: { a: 1 },
  });
});

it('is not retryable, and has no details and no cause, unless told', () => {
  const error = new MobError('MOB_CONFLICT', 'Taken');
  expect([error.retryable, error.details, 'cause' in error]).toEqual([false, {}, false]);
});

it('[core.error-brand] is known from another copy of the package, and by its code', () => {
  const other = Object.assign(new Error('Taken'), {
    code: 'acme/quota',
    [Symbol.for('mobkit.MobError')]: true,
  });
  expect(isMobError(other)).toBe(true);
  expect(isMobError(other, 'acme/quota')).toBe(true);
  expect(isMobError(other, 'MOB_CONFLICT')).toBe(false);
  expect([new Error('Taken'), { code: 'MOB_CONFLICT' }, undefined].some((each) => isMobError(each))).toBe(
    false,
  );
});
