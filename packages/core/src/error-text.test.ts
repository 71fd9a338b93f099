import { expect, it } from 'vitest';

import { errorText } from './error-text.js';

it('[core.error-text] has words for whatever was thrown', () => {
  const nameless: unknown = Object.create(null);
  expect([new Error('no'), 'no', undefined, nameless].map(errorText)).toEqual([
    'no',
    'no',
    'undefined',
    'an error that has no text',
  ]);
});
