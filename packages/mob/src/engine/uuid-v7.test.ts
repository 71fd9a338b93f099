import { expect, it } from 'vitest';

import { uuidV7 } from './uuid-v7.js';

it('gives ids of version 7 that begin with their time, none of them twice', () => {
  const ids = Array.from({ length: 2_000 }, () => uuidV7(0x0123456789ab));
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^01234567-89ab-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
});
