import { type DeadLetter, deadLetterKey, deadLettersOver } from '@mobkit/core';
import { openMemoryStores } from '@mobkit/store-memory';
import { expect, it } from 'vitest';

async function open() {
  const { storage } = await openMemoryStores();
  return deadLettersOver(storage);
}

function letter(refusedAtMs: number, given: Partial<DeadLetter> = {}): DeadLetter {
  const key = deadLetterKey(refusedAtMs, 'x');
  return { key, refusedAtMs, error: 'no', event: '{}', ...given };
}

it('[store.dead-letters] keeps dead letters as they were, the oldest first, a page at a time', async () => {
  const letters = await open();
  const awkward = letter(2_000, { eventId: 'a\0\uD800'.repeat(300), event: '"\0"' });
  for (const one of [letter(3_000), awkward, letter(1_000)]) await letters.put(one);
  const first = await letters.list({ limit: 2 });
  expect(first).toEqual({ letters: [letter(1_000), awkward], more: true });
  const afterKey = first.letters[1]?.key ?? '';
  expect(await letters.list({ afterKey })).toEqual({ letters: [letter(3_000)], more: false });
});

it('[store.dead-letters-repeat] keeps a letter once however often it is put', async () => {
  const letters = await open();
  for (let times = 0; times < 3; times++) await letters.put(letter(1_000));
  expect((await letters.list()).letters).toHaveLength(1);
});

it('[store.dead-letters-prune] removes what was refused before a time, however many', async () => {
  const letters = await open();
  for (let n = 0; n < 600; n++) await letters.put(letter(n));
  expect(await letters.prune({ beforeMs: 599 })).toBe(599);
  expect((await letters.list()).letters).toEqual([letter(599)]);
});

it('sorts keys by time, for every time a clock may show', () => {
  const times = [0, 9, 10, 4_096, Date.now(), Number.MAX_SAFE_INTEGER];
  const keys = times.map((time) => deadLetterKey(time, 'f'));
  expect(keys.toSorted()).toEqual(keys);
  expect(deadLetterKey(-5, 'f')).toBe(deadLetterKey(0, 'f'));
});
