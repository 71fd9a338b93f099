import { expect, it } from 'vitest';

import { type Chapter, type Given } from '../chapter.js';
import { entry, testLog } from '../makers.js';
import type { StorageStore } from './storage-store.js';

export const definitionsChapter: Chapter<StorageStore> = { name: 'definitions', tests };

function tests({ store }: Given<StorageStore>): void {
  const storage = () => store().storage;

  it('[store.prepare] takes preparing again, at once from several places, and with new fields', async () => {
    await storage()
      .log(testLog)
      .append([entry('a')]);
    const wider = { ...testLog, fields: { ...testLog.fields, weight: 'integer' } } as const;
    await Promise.all([storage().prepare([wider]), storage().prepare([testLog]), storage().prepare([wider])]);
    await storage()
      .log(wider)
      .append([entry('b', { fields: { weight: 3 } })]);
    const { entries } = await storage()
      .log(wider)
      .read({ where: { weight: 3 } });
    expect(entries).toMatchObject([{ seq: 2, id: 'b', fields: { weight: 3 } }]);
  });

  it('refuses a name it was not prepared for, and names that are not', async () => {
    expect(() => storage().log({ ...testLog, name: 'other' })).toThrow(TypeError);
    await expect(storage().prepare([{ ...testLog, name: 'x"; drop' }])).rejects.toThrow(TypeError);
    const clash = storage().prepare([{ ...testLog, fields: { color: 'integer' } }]);
    await expect(clash).rejects.toMatchObject({ code: 'MOB_CONFIG_INVALID' });
  });
}
