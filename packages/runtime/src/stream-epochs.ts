import { isMobError, type RecordsDefinition, type Storage } from '@mobkit/core';

import type { StreamScope } from './stream-cursor.js';
import type { StreamEnd } from './stream-numbers.js';

const epochsDefinition: RecordsDefinition = { kind: 'records', name: 'stream_epochs', fields: {} };
const endsDefinition: RecordsDefinition = {
  kind: 'records',
  name: 'stream_ends',
  fields: { mob_id: 'text', epoch: 'integer' },
};

/**
 * Which epochs the streams of mobs have had, and with which numbers those ended that ended in order. An epoch without an
 * end ended in a crash: how far it got, nobody knows.
 */
export interface StreamEpochs {
  /** Begins the next epoch of a mob. Two that begin at once get different ones. */
  begin(mobId: string): Promise<number>;
  end(mobId: string, epoch: number, end: StreamEnd): Promise<void>;
  /** The last number, in an epoch of `mobId`, of a stream of it or of a mob that was made in it; undefined when unknown. */
  lastOf(mobId: string, scope: StreamScope, epoch: number): Promise<number | undefined>;
}

export async function openStreamEpochs(storage: Storage): Promise<StreamEpochs> {
  await storage.prepare([epochsDefinition, endsDefinition]);
  const epochs = storage.records(epochsDefinition);
  const ends = storage.records(endsDefinition);
  return {
    async begin(mobId) {
      for (;;) {
        const record = await epochs.get(mobId);
        const epoch = record ? (JSON.parse(record.data) as { epoch: number }).epoch + 1 : 1;
        try {
          await epochs.put(
            mobId,
            { data: JSON.stringify({ epoch }) },
            { expectedVersion: record?.version ?? 0 },
          );
          return epoch;
        } catch (error) {
          // Somebody else began this one.
          if (!isMobError(error, 'MOB_CONFLICT')) throw error;
        }
      }
    },
    async end(mobId, epoch, end) {
      await ends.put(endKey(mobId, epoch), { fields: { mob_id: mobId, epoch }, data: JSON.stringify(end) });
    },
    async lastOf(mobId, scope, epoch) {
      const record = await ends.get(endKey(mobId, epoch));
      if (!record) return undefined;
      const end = JSON.parse(record.data) as StreamEnd;
      const numbers = scope.mobId === mobId ? end : valueOf(end.children ?? {}, scope.mobId);
      if (!numbers) return 0;
      return scope.identity === undefined ? numbers.n : (valueOf(numbers.agents, scope.identity) ?? 0);
    },
  };
}

function endKey(mobId: string, epoch: number): string {
  return JSON.stringify([mobId, epoch]);
}

/** Names come from outside: one may be that of something every object has. */
function valueOf<T>(values: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
