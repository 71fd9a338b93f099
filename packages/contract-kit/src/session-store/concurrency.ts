import type { SessionStore } from '@mobkit/core';
import { expect, it } from 'vitest';

import type { Given } from '../chapter.js';
import { everyRow, sessionRow, settled, type SessionsStore } from './sessions-store.js';

const WRITERS = 4;
const BATCHES = 5;

export function concurrencyTests(given: Given<SessionsStore>): void {
  it('[sessions.concurrent] loses and doubles nothing under concurrent writers', async () => {
    const { sessions } = given.store();
    await expectWhole(given, [sessions, sessions, sessions, sessions]);
  });
}

export function processTests(given: Given<SessionsStore>): void {
  it('[sessions.processes] loses and doubles nothing when several processes write', async () => {
    const others = [await given.another(), await given.another(), await given.another()];
    await expectWhole(given, [given.store().sessions, ...others.map(({ sessions }) => sessions)]);
  });
}

/** Every writer appends to a session of its own and to two of all, whose latest is of the first and of the last; each twice. */
async function expectWhole(given: Given<SessionsStore>, writers: readonly SessionStore[]): Promise<void> {
  const { sessions, append, latest } = settled(given);
  const rowsOf = (writer: number, batch: number) => {
    const payload = { writer, batch };
    return [
      sessionRow(`${writer}`, batch, { payload }),
      sessionRow('first', batch * WRITERS + WRITERS - writer, { payload }),
      sessionRow('last', batch * WRITERS + writer, { payload }),
    ];
  };
  await Promise.all(
    writers.map(async (store, writer) => {
      for (let batch = 0; batch < BATCHES; batch++) {
        await store.append(rowsOf(writer, batch));
        await store.append(rowsOf(writer, batch));
      }
    }),
  );
  await append(sessionRow('z'));
  expect(await everyRow(sessions(), { limit: 4_096 })).toHaveLength(WRITERS * BATCHES * 3 + 1);
  const batch = BATCHES - 1;
  expect((await latest()).map(({ payload }) => payload)).toEqual([
    ...writers.map((_, writer) => ({ writer, batch })),
    { writer: 0, batch },
    { writer: WRITERS - 1, batch },
    null,
  ]);
}
