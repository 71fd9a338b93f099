import type { FieldValue, LogDefinition, LogQuery } from '@mobkit/core';

import type { Session } from './database.js';

/** A condition on a field: any of these values. */
export interface Condition {
  readonly field: string;
  readonly values: readonly FieldValue[];
}

/** Two pages: what is not found so often is cheap to look at whole. */
const PROBED = 512;

/**
 * Which of several conditions matches the fewest entries. SQLite keeps no count of values: it would as soon go through
 * the whole log for its one mob as look up the three entries of a rare type. So each index is asked how far one has
 * to go in it to find a few entries.
 */
export function rarestField(
  session: Session,
  { name }: LogDefinition,
  partition: string,
  { afterSeq = 0, beforeSeq = Number.MAX_SAFE_INTEGER }: LogQuery,
  direction: 'asc' | 'desc',
  conditions: readonly Condition[],
): Condition | undefined {
  const [only] = conditions;
  if (conditions.length < 2) return only;
  const shares = conditions.map(({ field, values }) =>
    values.reduce<number>((sum, value) => sum + shareOf(field, value), 0),
  );
  return conditions[shares.indexOf(Math.min(...shares))];

  /** How many of the entries have the value, from 0 to 1; 0 for what is rare. */
  function shareOf(field: string, value: FieldValue): number {
    // Names that have been checked; as text, because building such a query takes longer than running it.
    const sql = `select seq from "${name}" where partition = ? and "${field}" = ? and seq > ? and seq < ?
      order by seq ${direction} limit 1 offset ?`;
    const seqAt = (offset: number) =>
      session.all({ sql, parameters: [partition, value, afterSeq, beforeSeq, offset] })[0]?.['seq'];
    const last = seqAt(PROBED - 1);
    if (last === undefined) return 0;
    return PROBED / (Math.abs(Number(last) - Number(seqAt(0))) + 1);
  }
}
