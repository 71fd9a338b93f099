import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { RecordsDefinition } from '@mobkit/core';
import { createMobEngine } from '@mobkit/mob';
import { openSqliteStores } from '@mobkit/store-sqlite';
import { expect, it, onTestFinished } from 'vitest';

/** As the engine keeps them. */
const sessions = {
  kind: 'records',
  name: 'mob_sessions',
  fields: { mob_id: 'text', identity: 'text', open: 'integer' },
} as const satisfies RecordsDefinition;

const definition = {
  id: 'crew',
  profiles: { worker: { model: 'none', tools: { comms: true }, runtime_mode: 'turn_driven' as const } },
};

it('[lifecycle.unreadable-sessions] opens a mob beside sessions that cannot be read: a member of one is broken, one that nobody has is archived with a warning', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'mobkit-sessions-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const withMob = async <T>(work: (opened: Awaited<ReturnType<typeof open>>) => Promise<T>) => {
    const opened = await open(directory);
    const result = await work(opened);
    await opened.mob.shutdown();
    await opened.close();
    return result;
  };
  const kept = await withMob(async ({ mob, storage }) => {
    const { sessionId } = await mob.spawn({ identity: 'one', profile: 'worker' });
    await mob.spawn({ identity: 'two', profile: 'worker' });
    const records = storage.records(sessions);
    await records.put(sessionId, { fields: { mob_id: 'crew', identity: 'one', open: 1 }, data: '{"cut' });
    for (const [key, data] of [
      ['nobody', 'not json'],
      ['nothing', 'null'],
    ] as const)
      await records.put(key, { fields: { mob_id: 'crew', identity: 'x', open: 1 }, data });
    return sessionId;
  });
  await withMob(async ({ mob, report, storage }) => {
    expect(report.orphanSessions).toEqual(['nobody', 'nothing']);
    expect(report.warnings.slice(1)).toEqual([
      expect.stringContaining('"nobody"'),
      expect.stringContaining('"nothing"'),
    ]);
    expect(report.broken).toMatchObject([{ identity: 'one', error: expect.stringContaining('not JSON') }]);
    expect(mob.members().map(({ status }) => status)).toEqual(['broken', 'active']);
    expect((await storage.records(sessions).get('nobody'))?.data).toBe('not json');
    expect(await mob.respawn('one')).toMatchObject({ status: 'active', generation: 1 });
  });
  await withMob(async ({ report }) => {
    expect(report).toMatchObject({ orphanSessions: [kept], broken: [] });
    expect(report.warnings.slice(1)).toEqual([expect.stringContaining(kept)]);
  });
});

async function open(directory: string) {
  const { storage, close } = await openSqliteStores({ directory });
  const engine = createMobEngine({ storage, providers: () => [] });
  return { ...(await engine.open({ definition })), storage, close };
}
