import { expect, it } from 'vitest';

import { payloadText } from './payload-text.js';

it.each([
  ['Down', 'Down'],
  [{ text: 'Down', since: 7 }, 'Down'],
  [{ message: 'Down' }, 'Down'],
  [{ text: ' ', message: 'Down' }, 'Down'],
  [{ since: 7 }, '{"since":7}'],
  [['Down', 'Up'], '["Down","Up"]'],
  [null, 'null'],
])('[delivery.payload-text] reads %j as %s', (payload, text) => {
  expect(payloadText(payload)).toBe(text);
});
