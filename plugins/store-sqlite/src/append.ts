import { type Appended, type AppendWrite, type LogDefinition, MobError } from '@mobkit/core';

import { build, type Session } from './database.js';
import { insertEntries } from './insert-entries.js';
import { addTimes } from './time-ranges.js';

/** Appends inside a transaction that writes. */
export function append(session: Session, write: AppendWrite): Appended {
  const { log, partition = '', entries, expectedLastSeq, firstSeq } = write;
  const before = lastSeqOf(session, log, partition);
  const empty = before === 0;
  const last = empty && firstSeq !== undefined ? firstSeq - 1 : before;
  const { times, duplicates } = insertEntries(session, log, partition, last + 1, entries);
  const stored = times.length;
  if (stored === 0) return { stored, duplicates, lastSeq: before };
  // After the inserts, because an append that stores nothing succeeds whatever it expects; the transaction undoes them.
  if (expectedLastSeq !== undefined && expectedLastSeq !== before) {
    throw conflict(write, `the last seq is ${before}, not ${expectedLastSeq}`);
  }
  if (firstSeq !== undefined && !empty) {
    throw conflict(write, `it cannot begin at ${firstSeq}, the last seq is ${before}`);
  }
  const lastSeq = last + stored;
  addTimes(session, log, partition, last + 1, times);
  session.run({ sql: SET_COUNTER, parameters: [log.name, partition, last + 1, lastSeq] });
  return { stored, duplicates, lastSeq };
}

/** `first_seq` is of the first append ever; later it moves by pruning alone. */
const SET_COUNTER = `insert into _counters (log, partition, first_seq, last_seq) values (?, ?, ?, ?)
  on conflict (log, partition) do update set last_seq = excluded.last_seq`;

function lastSeqOf(session: Session, log: LogDefinition, partition: string): number {
  const [counter] = session.all(
    build
      .selectFrom('_counters')
      .select('last_seq')
      .where('log', '=', log.name)
      .where('partition', '=', partition)
      .compile(),
  );
  return Number(counter?.['last_seq'] ?? 0);
}

function conflict({ log, partition = '' }: AppendWrite, why: string): MobError {
  return new MobError(
    'MOB_CONFLICT',
    `Could not append to partition "${partition}" of "${log.name}": ${why}`,
  );
}
