import { type DeleteWrite, MobError, type PutWrite } from '@mobkit/core';

import { build, type Session } from './database.js';
import { ownValue } from './rows.js';

/** Writes a record, its row whole, and returns its version. */
export function put(session: Session, write: PutWrite): number {
  const { records, key, record } = write;
  expectVersion(session, write);
  const version = nextVersion(session);
  const fields = Object.keys(records.fields).map((field) => [field, ownValue(record.fields, field)]);
  // Replaced, not updated: what is not named, a lease or a field of a newer version, does not outlive its record.
  const replace = build.replaceInto(records.name).values({
    ...Object.fromEntries(fields),
    key,
    version,
    data: record.data,
    due_at_ms: record.dueAtMs ?? null,
  });
  session.run(replace.compile());
  return version;
}

/** Removes a record; false when there was none. */
export function remove(session: Session, write: DeleteWrite): boolean {
  const { records, key } = write;
  expectVersion(session, write);
  return session.run(build.deleteFrom(records.name).where('key', '=', key).compile()) > 0;
}

/** One sequence for all, so that a key put again after a delete never gets an old version. */
export function nextVersion(session: Session): number {
  const version = lastVersion(session) + 1;
  session.run(build.updateTable('_versions').set({ last: version }).compile());
  return version;
}

/** The last version that was given. */
export function lastVersion(session: Session): number {
  const [row] = session.all(build.selectFrom('_versions').select('last').compile());
  return Number(row?.['last']);
}

function expectVersion(session: Session, { records, key, expectedVersion }: PutWrite | DeleteWrite): void {
  if (expectedVersion === undefined) return;
  const [row] = session.all(
    build.selectFrom(records.name).select('version').where('key', '=', key).compile(),
  );
  const version = Number(row?.['version'] ?? 0);
  if (version === expectedVersion) return;
  const found = version === 0 ? 'not there' : `at version ${version}`;
  throw new MobError('MOB_CONFLICT', `"${key}" of "${records.name}" is ${found}, not at ${expectedVersion}`);
}
