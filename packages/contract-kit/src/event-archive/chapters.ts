import type { NewEvent, PersistedEvent } from '@mobkit/core';
import { expect, it } from 'vitest';

import { type Chapter, type Given, unlessReopened } from '../chapter.js';
import { awkwardJson, event } from '../makers.js';
import type { ArchiveStore } from './archive-store.js';

/** What a capability card says of an `EventArchive`, in its order. */
export const archiveChapters: readonly Chapter<ArchiveStore>[] = [
  { name: 'put', tests: puts },
  { name: 'holes', tests: holes },
  { name: 'query', tests: queries },
  { name: 'restart', notFor: unlessReopened, tests: restarts },
];

/** Events of another log, which numbered them. */
function archived(from: number, to: number, given: (seq: number) => Partial<NewEvent> = () => ({})) {
  return Array.from({ length: to - from + 1 }, (_, at): PersistedEvent => {
    const seq = from + at;
    return { ...event(`e${seq}`, given(seq)), seq };
  });
}

function puts({ store }: Given<ArchiveStore>): void {
  const archive = () => store().archive;

  it('[archive.put] keeps events under the numbers they have, from any first one on', async () => {
    expect((await archive().bounds()).lastSeq).toBe(0);
    await archive().put([]);
    await archive().put(archived(41, 43));
    await archive().put(archived(44, 45));
    expect(await archive().bounds()).toEqual({ firstSeq: 41, lastSeq: 45 });
    expect(await archive().query({ afterSeq: 0 })).toMatchObject({
      events: archived(41, 45),
      firstSeq: 41,
      lastSeq: 45,
      scannedTo: 45,
      more: false,
    });
  });

  it('[archive.put-again] leaves out what it holds, so that a put may be repeated', async () => {
    await archive().put(archived(1, 3));
    await archive().put(archived(1, 3));
    await archive().put(archived(2, 5));
    expect((await archive().query({ afterSeq: 0 })).events).toEqual(archived(1, 5));
  });

  it('[archive.put-ids] keeps two events of one id, which their log had forgotten in between', async () => {
    await archive().put([{ ...event('again'), seq: 1 }]);
    await archive().put([{ ...event('again', { timestampMs: 2_000 }), seq: 2 }]);
    expect((await archive().query({ afterSeq: 0 })).events.map(({ id }) => id)).toEqual(['again', 'again']);
  });

  it('[archive.verbatim] gives an event back as it was', async () => {
    const payload: unknown = JSON.parse(awkwardJson);
    const about = { memberId: 'worker-1:0', identity: 'worker-1', mobId: 'm', runId: 'r', stepId: 's' };
    const stream = { epoch: 1, n: 2 ** 40, agentN: 7 };
    const whole: PersistedEvent = {
      ...event('x', { ...about, interactionId: 'i', stream, timestampMs: 1_700_000_000_123 }),
      event: { kind: 'module', module: 'm', eventType: 'said', payload },
      seq: 7,
    };
    await archive().put([whole]);
    expect((await archive().query({})).events).toEqual([whole]);
  });
}

function holes({ store }: Given<ArchiveStore>): void {
  const archive = () => store().archive;

  it('[archive.holes] refuses events after a hole, and keeps none of them', async () => {
    await archive().put(archived(1, 3));
    const put = archive().put(archived(5, 6));
    await expect(put).rejects.toMatchObject({ code: 'MOB_CONFLICT', details: { lastSeq: 3, firstSeq: 5 } });
    const [one, , three] = archived(4, 6) as [PersistedEvent, PersistedEvent, PersistedEvent];
    await expect(archive().put([one, three])).rejects.toThrow(TypeError);
    await expect(archive().put([{ ...one, seq: 0 }])).rejects.toThrow(TypeError);
    expect(await archive().bounds()).toEqual({ firstSeq: 1, lastSeq: 3 });
  });
}

function queries({ store }: Given<ArchiveStore>): void {
  const archive = () => store().archive;
  const seqs = async (query: Parameters<ReturnType<typeof archive>['query']>[0]) =>
    (await archive().query(query)).events.map(({ seq }) => seq);

  it('[archive.query] finds by cursors, times, members and types, from either end', async () => {
    const given = (seq: number) => ({
      timestampMs: seq * 1_000,
      identity: seq % 2 === 0 ? 'even' : 'odd',
      memberId: seq % 2 === 0 ? 'even:0' : 'odd:3',
    });
    await archive().put(archived(11, 20, given));
    expect(await seqs({ afterSeq: 12, limit: 3 })).toEqual([13, 14, 15]);
    expect(await seqs({ limit: 2 })).toEqual([19, 20]);
    expect(await seqs({ beforeSeq: 15, limit: 2 })).toEqual([13, 14]);
    expect(await seqs({ afterSeq: 0, beforeSeq: 13 })).toEqual([11, 12]);
    expect(await seqs({ afterSeq: 0, sinceMs: 13_000, untilMs: 15_000 })).toEqual([13, 14]);
    expect(await seqs({ afterSeq: 0, memberId: 'even', limit: 2 })).toEqual([12, 14]);
    expect(await seqs({ afterSeq: 0, memberId: 'odd:3', beforeSeq: 14 })).toEqual([11, 13]);
    expect(await seqs({ afterSeq: 0, eventTypes: ['other'] })).toEqual([]);
    expect(await archive().query({ beforeSeq: 15, limit: 0 })).toMatchObject({ events: [], more: true });
    expect(await archive().query({ beforeSeq: 11, limit: 0 })).toMatchObject({ events: [], more: false });
    expect(await archive().query({ afterSeq: 18, limit: 1 })).toMatchObject({ more: true, scannedTo: 19 });
  });
}

function restarts({ store, restart }: Given<ArchiveStore>): void {
  it('still holds after closing what it held', async () => {
    await store().archive.put(archived(5, 9));
    const { archive } = await restart();
    expect(await archive.bounds()).toEqual({ firstSeq: 5, lastSeq: 9 });
    await archive.put(archived(8, 11));
    expect((await archive.query({ afterSeq: 0 })).events).toEqual(archived(5, 11));
  });
}
