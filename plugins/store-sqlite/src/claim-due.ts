import type { Claim, Claimed, RecordsDefinition } from '@mobkit/core';
import { sql } from 'kysely';

import { build, type Session } from './database.js';
import { recordColumns, toRecord } from './rows.js';
import { lastVersion, nextVersion } from './versions.js';

/** Hands out what is due, inside a transaction that writes. */
export function claimDue(session: Session, definition: RecordsDefinition, claim: Claim): Claimed {
  const { owner, leaseMs, limit } = claim;
  const now = Date.now();
  const before = lastVersion(session);
  const due = session.all(
    build
      .selectFrom(definition.name)
      .select([...recordColumns, ...Object.keys(definition.fields)])
      .where('due_at_ms', '<=', now)
      .where(sql<boolean>`coalesce(lease_until_ms, 0) <= ${now}`)
      .orderBy('due_at_ms')
      .orderBy('key')
      .limit(Math.max(limit, 0))
      .compile(),
  );
  const lease = { owner, untilMs: now + leaseMs };
  const records = due.map((row) => {
    const record = { ...toRecord(definition, row), version: nextVersion(session), lease };
    session.run(
      build
        .updateTable(definition.name)
        .set({ version: record.version, lease_owner: owner, lease_until_ms: lease.untilMs })
        .where('key', '=', record.key)
        .compile(),
    );
    return record;
  });
  // Two questions, so that no more is read than what is due: what is not is under no lease, and its first one is enough.
  const [left] = session.all(
    build
      .selectFrom(definition.name)
      .select(sql`min(max(due_at_ms, coalesce(lease_until_ms, due_at_ms)))`.as('next'))
      .where('due_at_ms', '<=', now)
      // What was handed out has just got a newer version.
      .where('version', '<=', before)
      .compile(),
  );
  const [later] = session.all(
    build
      .selectFrom(definition.name)
      .select(sql`min(due_at_ms)`.as('next'))
      .where('due_at_ms', '>', now)
      .compile(),
  );
  const nextDueAtMs = Math.min(...[left, later].map((row) => Number(row?.['next'] ?? Infinity)));
  return { records, ...(nextDueAtMs !== Infinity && { nextDueAtMs }) };
}
