import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { assemble, type MobPlugin } from '@mobkit/di';
import { openEventSpool } from '@mobkit/event-log';
import { expect, it, onTestFinished } from 'vitest';

import { eventSpool } from './event-spool.js';
import { leftSpool } from './left-spool.js';

/** A directory with so many events in its spool. */
async function spooled(count: number): Promise<string> {
  const parent = mkdtempSync(join(tmpdir(), 'mobkit-parts-'));
  onTestFinished(() => rmSync(parent, { recursive: true }));
  const directory = join(parent, 'spool');
  const spool = await openEventSpool({ directory });
  if (count > 0) await spool.append(Array.from({ length: count }, (_, n) => JSON.stringify(n)));
  await spool.close();
  return directory;
}

/** What is said when a part starts. */
async function saidBy(part: (onWarning: (text: string) => void) => MobPlugin): Promise<readonly string[]> {
  const said: string[] = [];
  const { start, stop } = assemble([part((text) => said.push(text))]);
  await start();
  await stop();
  return said;
}

it('[app.spool-left] says at start how many events wait in a spool, and where, whether it is used or not', async () => {
  const directory = await spooled(3);
  expect(await saidBy((onWarning) => leftSpool({ directory, onWarning }))).toEqual([
    `3 events of an earlier start wait in ${directory} and no spool is used: they stay there until one is (spool = true)`,
  ]);
  expect(await saidBy((onWarning) => eventSpool({ directory, onWarning }))).toEqual([
    `3 events of an earlier start wait in ${directory} and go into this store now, whichever they were meant for`,
  ]);
});

it('[app.spool-left] says nothing where nothing waits', async () => {
  const directory = await spooled(0);
  for (const at of [directory, join(directory, 'missing')]) {
    expect(await saidBy((onWarning) => leftSpool({ directory: at, onWarning }))).toEqual([]);
  }
  expect(await saidBy((onWarning) => eventSpool({ directory, onWarning }))).toEqual([]);
});
