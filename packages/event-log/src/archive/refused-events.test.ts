import { setImmediate as turn } from 'node:timers/promises';

import { event, ManualClock, unavailable } from '@mobkit/contract-kit';
import {
  type DeadLetterStore,
  deadLettersOver,
  type ErrorEvent,
  type EventArchive,
  eventArchiveOver,
  MobError,
  type PersistedEvent,
} from '@mobkit/core';
import { openMemoryStores } from '@mobkit/store-memory';
import { expect, it, onTestFinished } from 'vitest';

import { archivedEventLog, type ArchivedEventLogOptions } from './archived-event-log.js';

/** A log whose archive refuses the batches that a test says, and dead letters beside it. */
async function refusing(
  refuses: (event: PersistedEvent) => boolean,
  { named = true, kept: keeps = true, answered = true } = {},
) {
  const { eventLog: primary, storage } = await openMemoryStores();
  const kept = await eventArchiveOver((await openMemoryStores()).storage);
  const deadLetters = await deadLettersOver(storage);
  const clock = new ManualClock(1_000_000);
  const told: ErrorEvent[] = [];
  const puts: (readonly number[])[] = [];
  const archive: EventArchive = {
    ...kept,
    async put(events) {
      puts.push(events.map(({ seq }) => seq));
      const wrong = events.find(refuses);
      if (!wrong) {
        await kept.put(events);
        if (!answered && events[0]?.event.eventType === 'event_archive.refused') throw unavailable();
        return;
      }
      const details = { reason: 'data', ...(named && { seq: wrong.seq }) };
      throw new MobError('MOB_STORE_REFUSED', `no room for ${wrong.id}`, { details });
    },
  };
  const open = async (given: Partial<ArchivedEventLogOptions> = {}) => {
    const onError = (error: ErrorEvent) => void told.push(error);
    const log = await archivedEventLog({
      primary,
      archive,
      ...(keeps && { deadLetters }),
      clock,
      onError,
      ...given,
    });
    onTestFinished(async () => void (await log.close({ deadlineMs: 0 })));
    return log;
  };
  /** Lets time pass, so that what waits to be tried again is. */
  const pass = async (rounds = 40) => {
    for (let round = 0; round < rounds; round++) {
      for (let turns = 0; turns < 5; turns++) await turn();
      clock.advance(5_000);
    }
  };
  const archived = async () =>
    (await kept.query({ afterSeq: 0 })).events.map(({ seq, event: { eventType } }) => `${seq} ${eventType}`);
  const letters = async () => (await deadLetters.list()).letters;
  return { primary, deadLetters, clock, told, puts, open, pass, archived, letters };
}

const said = (...ids: readonly string[]) =>
  ids.map((id) => event(id, { event: { kind: 'module', module: 'm', eventType: 'said', payload: id } }));
const isBad = ({ id, event: { eventType } }: PersistedEvent) => id.startsWith('bad') && eventType === 'said';

it.each([true, false])(
  '[archive.refused] puts an event that is refused three times on its own aside, and goes on (named: %s)',
  async (named) => {
    const { told, puts, open, pass, archived, letters } = await refusing(isBad, { named });
    const log = await open({ hot: { events: 0 } });
    await log.appendBatch(said('a', 'b', 'bad-1', 'c', 'd', 'e', 'bad-2', 'f'));
    await pass();
    const refused = 'event_archive.refused';
    const expected = ['said', 'said', refused, 'said', 'said', 'said', refused, 'said'];
    expect(await archived()).toEqual(expected.map((type, at) => `${at + 1} ${type}`));
    expect(puts.filter(([seq, other]) => seq === 3 && other === undefined)).toHaveLength(4);
    expect(await letters()).toMatchObject([
      { eventId: 'bad-1', error: 'refused by the event archive: no room for bad-1' },
      { eventId: 'bad-2', event: expect.stringContaining('"payload":"bad-2"') as string },
    ]);
    expect(told).toMatchObject([
      { category: 'event_archive_refused', eventId: 'bad-1', seq: 3 },
      { category: 'event_archive_refused', eventId: 'bad-2', seq: 7 },
    ]);
    expect(await log.archiveStatus()).toEqual({
      archivedTo: 8,
      lastSeq: 8,
      behind: 0,
      behindMs: 0,
      refused: 2,
    });
    // Whoever reads finds the hole where it is.
    const { events } = await log.query({ afterSeq: 2, limit: 1 });
    expect(events).toMatchObject([
      { seq: 3, id: 'bad-1', event: { payload: { error: 'no room for bad-1' } } },
    ]);
  },
);

it('[archive.refuses-all] puts nothing aside while an archive refuses everything, and archives it once that is mended', async () => {
  let broken = true;
  const { told, puts, open, pass, archived, letters } = await refusing(() => broken);
  const log = await open();
  await log.appendBatch(said('a', 'b', 'c'));
  await pass(100);
  expect([await letters(), told.map(({ category }) => category)]).toEqual([[], ['event_archive_failure']]);
  expect(await log.archiveStatus()).toMatchObject({
    behind: 3,
    refused: 0,
    failing: { error: expect.stringMatching(/refuses whatever it is given.*no room for a/) as string },
  });
  // Not in a circle: two puts for each pause.
  expect(puts.length).toBeLessThan(250);
  broken = false;
  await pass();
  expect([await archived(), await letters()]).toEqual([['1 said', '2 said', '3 said'], []]);
});

it('[archive.refused-letter] goes on when the letter is kept, which a process that died before it leaves to the next', async () => {
  const { deadLetters, open, pass, archived, letters } = await refusing(isBad);
  const away: DeadLetterStore = { ...deadLetters, put: () => Promise.reject(unavailable()) };
  const first = await open({ deadLetters: away });
  await first.appendBatch(said('a', 'bad', 'b'));
  await pass();
  expect(await archived()).toEqual(['1 said', '2 event_archive.refused']);
  expect(await first.archiveStatus()).toMatchObject({ behind: 1, failing: {} });
  await first.close({ deadlineMs: 0 });

  const again = await open();
  await pass();
  await again.close({ deadlineMs: 0 });
  await open();
  await pass();
  expect(await archived()).toEqual(['1 said', '2 event_archive.refused', '3 said']);
  expect(await letters()).toMatchObject([{ eventId: 'bad', event: /"payload":"bad"/ }]);
});

it('[archive.refused-unanswered] keeps the letter of an event also where the archive took what stands in for it and did not say so', async () => {
  const { told, open, pass, archived, letters } = await refusing(isBad, { answered: false });
  const log = await open({ hot: { events: 0 } });
  await log.appendBatch(said('a', 'bad', 'b'));
  await pass();
  expect(await archived()).toEqual(['1 said', '2 event_archive.refused', '3 said']);
  expect(await letters()).toMatchObject([{ eventId: 'bad', event: /"payload":"bad"/ }]);
  expect(told).toContainEqual(expect.objectContaining({ category: 'event_archive_refused', eventId: 'bad' }));
  expect(await log.archiveStatus()).toMatchObject({ behind: 0, refused: 1 });
});

it('[archive.refused-waits] waits with an event that is refused where nobody keeps dead letters', async () => {
  const { open, pass, archived, told } = await refusing(isBad, { kept: false });
  const log = await open({ batchSize: 1 });
  await log.appendBatch(said('a', 'bad', 'b'));
  await pass();
  expect(await archived()).toEqual(['1 said']);
  expect(await log.archiveStatus()).toMatchObject({ behind: 2, refused: 0, failing: {} });
  expect(told.map(({ category }) => category)).toEqual(['event_archive_failure']);
});
