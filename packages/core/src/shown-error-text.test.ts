import { expect, it } from 'vitest';

import { shownErrorText } from './shown-error-text.js';

it('[core.shown-error-text] shows what an error says, but no secrets, and not more than a few lines', () => {
  expect(
    [
      'no route to host',
      'postgres://app:hunter2@db.example/mobs is away',
      'sent "authorization: Bearer abc.def-ghi" to it',
      'token=hunter2&table=t; {"password":"hunter2"}',
      'ya29.a0_secret was refused',
      'access_token=hunter2&client_secret: hunter2, "accessToken":"hunter2"',
      'postgres://app:hunt@er2@db.example/mobs is away',
    ].map(shownErrorText),
  ).toEqual([
    'no route to host',
    'postgres://…@db.example/mobs is away',
    'sent "authorization: Bearer … to it',
    'token=…&table=t; {"password":"…"}',
    '… was refused',
    'access_token=…&client_secret: …, "accessToken":"…"',
    'postgres://…@db.example/mobs is away',
  ]);
  expect(shownErrorText(new Error('x'.repeat(2_000)))).toHaveLength(501);
});
