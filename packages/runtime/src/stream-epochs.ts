import { isMobError, type RecordsDefinition, type Storage } from '@mobkit/core';

import type { StreamEnd } from './live-events.js';
import type { StreamScope } from './stream-cursor.js';

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
  /** The last number of a stream in an epoch; undefined when that is not known. */
  lastOf(scope: StreamScope, epoch: number): Promise<number | undefined>;
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
    async lastOf({ mobId, identity }, epoch) {
      const record = await ends.get(endKey(mobId, epoch));
      if (!record) return undefined;
      const { n, agents } = JSON.parse(record.data) as StreamEnd;
      return identity === undefined ? n : Object.hasOwn(agents, identity) ? agents[identity] : 0;
    },
  };
}

function endKey(mobId: string, epoch: number): string {
  return JSON.stringify([mobId, epoch]);
}
