import { MobError, type NewRecord, type RecordsDefinition, type StoredRecord } from '@mobkit/core';
import type { MobDefinition } from '@mobkit/core/mob';

/** The mobs that agents made, by mob id, until they are destroyed. */
export const childrenDefinition = {
  kind: 'records',
  name: 'mob_children',
  fields: { parent: 'text' },
} as const satisfies RecordsDefinition;

/** A mob that an agent made. */
export interface ChildRecord {
  readonly definition: MobDefinition;
  readonly owner: ChildOwner;
  /** Made for delegated work: it ends with the session of its owner. */
  readonly implicit: boolean;
}

/** Who made it, and may manage it: a member under its name, so that one that was spawned again still may. */
export interface ChildOwner {
  readonly mobId: string;
  readonly identity: string;
  readonly sessionId: string;
}

export function toChildRecord(child: ChildRecord): NewRecord {
  return { fields: { parent: child.owner.mobId }, data: JSON.stringify(child) };
}

/** @throws MobError `MOB_LEDGER_INVALID` when it is not JSON. */
export function parseChild({ key, data }: StoredRecord): ChildRecord {
  try {
    return JSON.parse(data);
  } catch (cause) {
    throw new MobError('MOB_LEDGER_INVALID', `What is kept of mob "${key}" is not JSON`, {
      cause,
      details: { key },
    });
  }
}
