import { expect, it } from 'vitest';

import { scopedName } from './scoped-name.js';

it('names what belongs to a scope after it, or after a digest of what cannot be in a name', () => {
  expect(scopedName('ticks')).toBe('ticks');
  expect(scopedName('ticks', 'night_shift')).toBe('ticks_night_shift');
  // FNV-1a of 64 bits, as its authors give it for these.
  expect(scopedName('ticks', '')).toBe('ticks_xcbf29ce484222325');
  expect(scopedName('ticks', 'Foobar')).toMatch(/^ticks_x[0-9a-f]{16}$/);
  const long = 'a_mob_of_many_characters';
  expect(scopedName('delivery_records', long)).toMatch(/^delivery_records_x[0-9a-f]{12}$/);
  expect(scopedName('delivery_records', `${long}1`)).not.toBe(scopedName('delivery_records', long));
});
