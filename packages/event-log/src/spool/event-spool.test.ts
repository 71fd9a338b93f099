import {
  appendFileSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import type { ErrorEvent } from '@mobkit/core';
import { type EventSpool, type EventSpoolOptions, openEventSpool } from '@mobkit/event-log';
import { expect, it } from 'vitest';

import { temporaryDirectory } from '../../test/temporary-directory.js';

async function spool(
  directory = join(temporaryDirectory(), 'spool'),
  options: Partial<EventSpoolOptions> = {},
) {
  const told: string[] = [];
  const onError = (event: ErrorEvent) => void told.push('error' in event ? event.error : event.category);
  const opened = await openEventSpool({ directory, onError, ...options });
  const again = async () => {
    await opened.close();
    return spool(directory, options);
  };
  return { directory, opened, told, again };
}

const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => JSON.stringify(from + n));
const segmentsOf = (directory: string) => readdirSync(directory).filter((name) => name.endsWith('.spool'));
const segmentOf = (directory: string) => join(directory, segmentsOf(directory)[0] ?? '');

async function drain(opened: EventSpool, atOnce = 100): Promise<readonly string[]> {
  const all: string[] = [];
  while (opened.pending > 0) {
    const { lost, gap, events } = await opened.read(atOnce);
    all.push(...(lost > 0 ? [`lost ${lost}`] : []), ...(gap === undefined ? [] : [gap]), ...events);
    await opened.settled(events.length);
  }
  return all;
}

it('[spool.order] gives back what it was given, in order, a batch at a time, until it is settled', async () => {
  const { opened } = await spool();
  await opened.append(lines(0, 3));
  await opened.append(lines(3, 5));
  expect(await opened.read(2)).toEqual({ lost: 0, events: ['0', '1'] });
  expect(await opened.read(4)).toEqual({ lost: 0, events: ['0', '1', '2', '3'] });
  await opened.settled(3);
  await opened.append(['"é\\u0000\u{1F600}"']);
  expect(opened.pending).toBe(3);
  expect(await drain(opened)).toEqual(['3', '4', '"é\\u0000\u{1F600}"']);
  await opened.close();
});

it('[spool.reopen] has after a restart what was not settled, and knows how many they are', async () => {
  const { opened, again, told } = await spool();
  await opened.append(lines(0, 10));
  await opened.read(4);
  await opened.settled(4);
  const next = await again();
  expect(next.opened).toMatchObject({ recovered: 6, pending: 6 });
  await next.opened.append(lines(10, 12));
  expect(await drain(next.opened)).toEqual(lines(4, 12));
  const last = await next.again();
  expect(last.opened).toMatchObject({ recovered: 0, pending: 0 });
  await last.opened.close();
  expect([...told, ...next.told, ...last.told]).toEqual([]);
});

it('[spool.segments] removes a file when all of it is settled, and keeps none when nothing is left', async () => {
  const { opened, directory } = await spool();
  const big = Array.from({ length: 20 }, (_, n) => JSON.stringify(String(n).repeat(300_000)));
  for (const one of big) await opened.append([one]);
  expect(segmentsOf(directory).length).toBeGreaterThan(1);
  const { events } = await opened.read(15);
  expect(events).toEqual(big.slice(0, 15));
  const before = segmentsOf(directory).length;
  await opened.settled(15);
  expect(segmentsOf(directory).length).toBeLessThan(before);
  expect(await drain(opened, 3)).toEqual(big.slice(15));
  expect(segmentsOf(directory)).toEqual([]);
  await opened.append(['1']);
  expect(await drain(opened)).toEqual(['1']);
  await opened.close();
});

it('[spool.private] makes its directory and files for nobody else', async () => {
  const { opened, directory } = await spool();
  await opened.append(['1']);
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  for (const name of readdirSync(directory)) expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600);
  await opened.close();
});

it('[spool.torn] removes a write that was cut off, says where, and goes on after what is whole', async () => {
  for (const cut of [1, 3, 12, 17]) {
    const { opened, directory } = await spool();
    await opened.append(lines(100, 110));
    await opened.close();
    const file = segmentOf(directory);
    // A frame has 18 bytes here.
    truncateSync(file, statSync(file).size - cut);
    const next = await spool(directory);
    await next.opened.append(['"new"']);
    expect(await drain(next.opened)).toEqual([...lines(100, 109), '"new"']);
    const said = `has at byte ${9 * 18} a write that was cut off: ${18 - cut} bytes removed`;
    expect(next.told).toEqual([expect.stringContaining(said)]);
    await next.opened.close();
  }
});

it('[spool.torn-garbage] removes garbage after the last event, once and for all', async () => {
  const { opened, directory, again } = await spool();
  await opened.append(lines(0, 3));
  const file = segmentOf(directory);
  const { size } = statSync(file);
  appendFileSync(file, Buffer.alloc(64, 0xff));
  const next = await again();
  expect(next.told).toEqual([expect.stringContaining(`has at byte ${size} a write that was cut off: 64`)]);
  expect(statSync(file).size).toBe(size);
  await next.opened.append(lines(3, 4));
  const last = await next.again();
  expect(last.told).toEqual([]);
  expect(await drain(last.opened)).toEqual(lines(0, 4));
  await last.opened.close();
});

it('[spool.damage] skips a damaged event, says where it lies, and knows that one is missing', async () => {
  const { opened, directory, again } = await spool();
  await opened.append(lines(100, 110));
  const file = segmentOf(directory);
  const bytes = readFileSync(file);
  const frame = bytes.length / 10;
  bytes[4 * frame + 16] = bytes[4 * frame + 16]! ^ 1;
  writeFileSync(file, bytes);
  const next = await again();
  expect(next.opened.recovered).toBe(10);
  expect(next.told).toEqual([
    expect.stringContaining(`has at byte ${4 * frame} damage: ${frame} bytes skipped`),
  ]);
  expect(await drain(next.opened)).toEqual([...lines(100, 104), 'lost 1', ...lines(105, 110)]);
  await next.opened.close();
});

it('[spool.damage-length] trusts no length that a damaged frame gives, and finds the next event, also in the last file', async () => {
  const { opened, directory, again } = await spool();
  await opened.append(lines(100, 110));
  const file = segmentOf(directory);
  const bytes = readFileSync(file);
  const frame = bytes.length / 10;
  for (const [n, length] of [0, 77, 0xffffffff].entries()) bytes.writeUInt32BE(length, 3 * n * frame);
  writeFileSync(file, bytes);
  const next = await again();
  expect(next.opened.recovered).toBe(10);
  const found = ['lost 1', ...lines(101, 103), 'lost 1', ...lines(104, 106), 'lost 1', ...lines(107, 110)];
  expect(await drain(next.opened)).toEqual(found);
  await next.opened.close();
});

it('[spool.reopen-within] goes on in the middle of a file, however much of it was settled before', async () => {
  const { opened, again } = await spool();
  await opened.append(lines(0, 50));
  await opened.read(40);
  await opened.settled(40);
  const next = await again();
  expect(await drain(next.opened, 3)).toEqual(lines(40, 50));
  await next.opened.close();
});

it('[spool.read-bytes] reads no more ahead than some megabytes, however large the events', async () => {
  const { opened } = await spool();
  const big = Array.from({ length: 12 }, (_, n) => JSON.stringify(String(n % 10).repeat(2 ** 21)));
  await opened.append(big);
  const { events } = await opened.read(100);
  expect(events.length).toBeLessThan(6);
  expect(events).toEqual(big.slice(0, events.length));
  expect((await opened.read(100)).events).toEqual(events);
  expect(await drain(opened)).toEqual(big);
  await opened.close();
});

it('[spool.damage-running] notices damage that happens while it is open', async () => {
  const { opened, directory, told } = await spool();
  await opened.append(lines(100, 103));
  const file = segmentOf(directory);
  const bytes = readFileSync(file);
  bytes[bytes.length / 3 + 16] = 0;
  writeFileSync(file, bytes);
  expect(await drain(opened)).toEqual(['100', 'lost 1', '102']);
  expect(told).toEqual([expect.stringContaining(`is damaged at byte ${bytes.length / 3}`)]);
  await opened.close();
});

it('[spool.gap] keeps a gap in its place, over a restart too, and counts it as no event', async () => {
  const { opened, again } = await spool();
  await opened.append(lines(0, 2));
  await opened.append(lines(2, 4), '"gap"');
  expect(opened.pending).toBe(4);
  expect(await opened.read(10)).toEqual({ lost: 0, events: ['0', '1'] });
  await opened.settled(2);
  const next = await again();
  expect(await next.opened.read(10)).toEqual({ lost: 0, gap: '"gap"', events: ['2', '3'] });
  await next.opened.settled(0);
  expect(await next.opened.read(10)).toEqual({ lost: 0, events: ['2', '3'] });
  expect(next.opened.pending).toBe(2);
  await next.opened.close();
});

it('[spool.full] takes nothing of what it has no room for, and takes again when there is', async () => {
  const { opened } = await spool(undefined, { maxBytes: 2 ** 20 });
  const half = JSON.stringify('x'.repeat(600_000));
  await opened.append([half]);
  await expect(opened.append(['1', half])).rejects.toMatchObject({
    code: 'MOB_STORE_UNAVAILABLE',
    retryable: true,
    details: { reason: 'spool_full' },
  });
  expect(opened.pending).toBe(1);
  expect(await drain(opened)).toEqual([half]);
  await opened.append(['2', half]);
  expect(await drain(opened)).toEqual(['2', half]);
  await opened.close();
});

it('[spool.locked] is used by one at a time, and free when it is closed', async () => {
  const { opened, directory } = await spool();
  await expect(openEventSpool({ directory })).rejects.toMatchObject({
    code: 'MOB_STORE_LOCKED',
    details: { directory },
  });
  await opened.close();
  await opened.close();
  await (await openEventSpool({ directory })).close();
});

it('[spool.config] refuses options that cannot be, by name', async () => {
  const directory = join(temporaryDirectory(), 'spool');
  for (const [field, value] of [
    ['directory', ''],
    ['directory', join(directory, 'missing', 'parents')],
    ['fsync', 'sometimes'],
    ['fsyncIntervalMs', 0],
    ['maxBytes', 5],
  ] as const) {
    const opening = openEventSpool({ directory, [field]: value });
    await expect(opening).rejects.toMatchObject({
      code: 'MOB_CONFIG_INVALID',
      message: expect.stringContaining(field),
    });
  }
});

it('[spool.checkpoint] replays from the beginning when the checkpoint cannot be read', async () => {
  const { opened, directory } = await spool();
  await opened.append(lines(0, 4));
  await opened.read(2);
  await opened.settled(2);
  await opened.close();
  writeFileSync(join(directory, 'settled'), 'nonsense that is no checkpoint');
  const next = await spool(directory);
  expect(await drain(next.opened)).toEqual(lines(0, 4));
  await next.opened.close();
});

it('[spool.empty-file] loses no more than a file that the file system emptied, and says which', async () => {
  const { opened, directory, again } = await spool();
  const big = (n: number) => JSON.stringify(String(n).repeat(2_500_000));
  for (const n of [1, 2, 3, 4, 5, 6]) await opened.append([big(n)]);
  const [first = '', second = ''] = segmentsOf(directory);
  truncateSync(join(directory, first), 0);
  const next = await again();
  const inFirst = Number(second.slice(0, 16));
  expect(await drain(next.opened, 1)).toEqual([
    `lost ${inFirst}`,
    ...[1, 2, 3, 4, 5, 6].slice(inFirst).map((n) => big(n)),
  ]);
  expect(next.told).toContainEqual(expect.stringContaining(`${first}" has at byte 0`));
  await next.opened.close();
});

it('[spool.read-failure] loses nothing when a file cannot be read for a while', async () => {
  const { opened, directory } = await spool();
  const big = (n: number) => JSON.stringify(String(n).repeat(2_500_000));
  for (const n of [1, 2, 3, 4]) await opened.append([big(n)]);
  const [, second = ''] = segmentsOf(directory);
  renameSync(join(directory, second), join(directory, 'away'));
  const seen: string[] = [];
  await expect(
    (async () => {
      for (;;) {
        const { lost, events } = await opened.read(10);
        expect(lost).toBe(0);
        seen.push(...events);
        await opened.settled(events.length);
      }
    })(),
  ).rejects.toMatchObject({ code: 'ENOENT' });
  renameSync(join(directory, 'away'), join(directory, second));
  expect([...seen, ...(await drain(opened))]).toEqual([1, 2, 3, 4].map((n) => big(n)));
  await opened.close();
});
