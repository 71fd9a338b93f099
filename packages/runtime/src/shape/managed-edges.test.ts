import { MobError, metadataOver } from '@mobkit/core';
import { openMemoryStores } from '@mobkit/store-memory';
import { expect, it } from 'vitest';

import { Admission } from '../admission.js';
import { ManagedEdges } from './managed-edges.js';

it('[shape.claims-fenced] writes no claim any more once another engine has the mob, and still does while it ends', async () => {
  const metadata = await metadataOver((await openMemoryStores()).storage);
  const lost = new AbortController();
  const admission = new Admission(lost.signal);
  const managed = await ManagedEdges.open('crew', metadata, admission);
  const kept = async () => (await metadata.managedEdges('crew')).map(({ a, b }) => `${a}-${b}`);
  await managed.claim({ a: 'a', b: 'b' });
  admission.close();
  await managed.claim({ a: 'a', b: 'c' });
  await managed.release({ a: 'a', b: 'b' });
  expect(await kept()).toEqual(['a-c']);
  lost.abort(new MobError('MOB_LEASE_LOST', 'another has it'));
  await expect(managed.release({ a: 'a', b: 'c' })).rejects.toMatchObject({ code: 'MOB_LEASE_LOST' });
  await expect(managed.claim({ a: 'b', b: 'c' })).rejects.toMatchObject({ code: 'MOB_LEASE_LOST' });
  expect(await kept()).toEqual(['a-c']);
  expect([...managed.edges]).toEqual([{ a: 'a', b: 'c' }]);
});
