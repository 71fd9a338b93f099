import { randomBytes } from 'node:crypto';

import { isMobError, MobError, type RecordsDefinition, type Storage } from '@mobkit/core';

/** Where a `Storage` keeps the keys that resolutions are signed with, one for each mob. */
export const keysDefinition = {
  kind: 'records',
  name: 'routing_keys',
  fields: {},
} as const satisfies RecordsDefinition;

const KEY_BYTES = 32;

export function newSealKey(): Buffer {
  return randomBytes(KEY_BYTES);
}

/** The key of a mob, the same for every process: whoever comes first makes it. */
export async function openSealKey(storage: Storage, mobId: string): Promise<Buffer> {
  const records = storage.records(keysDefinition);
  let kept = await records.get(mobId);
  if (!kept) {
    try {
      const data = JSON.stringify({ key: newSealKey().toString('base64url') });
      await records.put(mobId, { data }, { expectedVersion: 0 });
    } catch (error) {
      if (!isMobError(error, 'MOB_CONFLICT')) throw error;
    }
    kept = await records.get(mobId);
  }
  const { key = '' } = JSON.parse(kept?.data ?? '{}') as { readonly key?: string };
  const bytes = Buffer.from(key, 'base64url');
  if (bytes.length === KEY_BYTES) return bytes;
  throw new MobError('MOB_STORE_REFUSED', `The key in routing_keys of mob "${mobId}" is damaged: remove it`);
}
