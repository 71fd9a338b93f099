import { MobError, type RecordsDefinition, type StoredRecord } from '@mobkit/core';

/** Which engine runs which mob, by mob id. */
export const leasesDefinition = {
  kind: 'records',
  name: 'mob_leases',
  fields: { mob_id: 'text', owner: 'text' },
} as const satisfies RecordsDefinition;

/** Who owns a mob, or wants to. */
export interface LeaseHolder {
  /** For people. */
  readonly owner: string;
  readonly engine_id: string;
}

export interface LeaseRecord extends LeaseHolder {
  /** Another at every renewal, so that who watches sees that the owner is there. */
  readonly renewal: number;
  readonly renewed_at_ms: number;
  /** Who asks the owner to hand the mob over. Written by that one; a renewal keeps it. */
  readonly asked_by?: LeaseHolder;
}

/** A lease as its holder begins it. */
export function newLease({ owner, engine_id }: LeaseHolder, nowMs: number): LeaseRecord {
  return { owner, engine_id, renewal: 0, renewed_at_ms: nowMs };
}

export function toLeaseData(mobId: string, record: LeaseRecord) {
  return { fields: { mob_id: mobId, owner: record.owner }, data: JSON.stringify(record) };
}

export function parseLease({ data }: Pick<StoredRecord, 'data'>): LeaseRecord {
  return JSON.parse(data) as LeaseRecord;
}

export function heldBy(mobId: string, { owner, engine_id: engineId }: LeaseHolder): MobError {
  const message = `Mob "${mobId}" is run by ${owner}: stop it there first, or try again when it has ended`;
  return new MobError('MOB_LEASE_HELD', message, { retryable: true, details: { mobId, owner, engineId } });
}

/** Another engine has taken the mob. */
export function lostTo(mobId: string, { owner, engine_id: engineId }: LeaseHolder): MobError {
  const message = `Mob "${mobId}" is run by ${owner} now, which has taken it over`;
  return new MobError('MOB_LEASE_LOST', message, { details: { mobId, owner, engineId } });
}

/** Another engine asks for the mob. */
export function askedBy(mobId: string, { owner, engine_id: engineId }: LeaseHolder): MobError {
  const message = `Mob "${mobId}" is handed over to ${owner}, which asked for it`;
  return new MobError('MOB_LEASE_LOST', message, { details: { mobId, owner, engineId, asked: true } });
}
