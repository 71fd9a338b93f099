import { randomBytes } from 'node:crypto';

import { event } from '@mobkit/contract-kit';
import { deadLettersOver, type NewEvent, type PersistedEvent } from '@mobkit/core';
import { archivedEventLog } from '@mobkit/event-log';
import { openBigQueryArchive } from '@mobkit/store-bigquery';
import { openMemoryStores } from '@mobkit/store-memory';
import { expect, it, onTestFinished } from 'vitest';

const { MOBKIT_TEST_BIGQUERY_ENDPOINT: apiEndpoint = '' } = process.env;

/** A dataset of the local warehouse. */
function localDataset() {
  const dataset = `refused_${randomBytes(6).toString('hex')}`;
  const options = { projectId: 'mobkit-test', dataset, apiEndpoint, allowedHosts: ['127.0.0.1'] };
  const faults = async (switches: object) => {
    const asked = { method: 'POST', body: JSON.stringify(switches) };
    const answer = await fetch(`${apiEndpoint}/_local/faults?dataset=${dataset}`, asked);
    if (!answer.ok) throw new Error(await answer.text());
  };
  return { options, faults };
}

const said = (id: string): NewEvent =>
  event(id, { event: { kind: 'module', module: 'm', eventType: 'said', payload: `it is ${id}` } });

it('[bigquery.archive-put-aside] goes on archiving past an event that the warehouse refuses, and keeps that among the dead letters', async () => {
  const { options, faults } = localDataset();
  const { eventLog: primary, storage } = await openMemoryStores();
  const deadLetters = await deadLettersOver(storage);
  const opened = await openBigQueryArchive({ ...options, mode: 'stream' });
  onTestFinished(() => opened.close());
  const { archive } = opened;
  await faults({ insertErrors: [{ contains: 'it is bad', reason: 'invalid', message: 'no such thing' }] });
  const log = await archivedEventLog({ primary, archive, deadLetters });
  onTestFinished(async () => void (await log.close({ deadlineMs: 0 })));
  await log.appendBatch(['a', 'b', 'bad', 'c'].map(said));
  await expect.poll(() => log.archiveStatus()).toMatchObject({ behind: 0, refused: 1 });
  const typeOf = ({ event: { eventType } }: PersistedEvent) => eventType;
  const { events } = await archive.query({ afterSeq: 0 });
  expect(events.map(typeOf)).toEqual(['said', 'said', 'event_archive.refused', 'said']);
  expect((await deadLetters.list()).letters).toMatchObject([
    { eventId: 'bad', error: /no such thing/, event: /it is bad/ },
  ]);
});
