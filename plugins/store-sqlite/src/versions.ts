import { build, type Session } from './database.js';

/** The last version given through a session, which is the one that writes. */
const given = new WeakMap<Session, number>();
const keep = build.updateTable('_versions').set({ last: 0 }).compile().sql;

/**
 * The version of what is being written: one sequence for all, so that a key put again after a delete never gets an old one.
 * What is rolled back leaves a hole in it.
 */
export function nextVersion(session: Session): number {
  const version = lastVersion(session) + 1;
  given.set(session, version);
  session.run({ sql: keep, parameters: [version] });
  return version;
}

/** The last version that was given. */
export function lastVersion(session: Session): number {
  const known = given.get(session);
  if (known !== undefined) return known;
  const [row] = session.all(build.selectFrom('_versions').select('last').compile());
  return Number(row?.['last']);
}
