import { createHash } from 'node:crypto';

import type { RecordsDefinition } from '@mobkit/core';

/** Where a `Storage` keeps what a scheduler knows. */
export interface ScheduleTables {
  /** By schedule id. The next due time is what it hands them out by. */
  readonly schedules: RecordsDefinition;
  /** By occurrence id. Those that somebody may have to take up are due when nobody has renewed them. */
  readonly occurrences: RecordsDefinition;
  /** Up to when each schedule of the tick call has fired, by schedule id. */
  readonly ticks: RecordsDefinition;
}

/** With this before it a name has at most 30 characters. */
const LONGEST_SCOPE = 17;

const PLAIN = /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/;

/**
 * The tables of a scope, as whoever asks a storage for what is due gets it whosever it is. A scope that cannot be part of a name is
 * in it as a digest.
 */
export function scheduleTables(scope: string | undefined): ScheduleTables {
  const suffix = scope === undefined ? '' : `_${nameOf(scope)}`;
  return {
    schedules: { kind: 'records', name: `schedules${suffix}`, fields: { phase: 'text', target: 'text' } },
    occurrences: {
      kind: 'records',
      name: `occurrences${suffix}`,
      // `live` is 1 while an occurrence is not over, and else absent.
      fields: { schedule_id: 'text', phase: 'text', occurs_at_ms: 'integer', live: 'integer' },
    },
    ticks: { kind: 'records', name: `ticks${suffix}`, fields: { fired_until_ms: 'integer' } },
  };
}

function nameOf(scope: string): string {
  if (PLAIN.test(scope) && scope.length <= LONGEST_SCOPE) return scope;
  return `x${createHash('sha256')
    .update(scope)
    .digest('hex')
    .slice(0, LONGEST_SCOPE - 1)}`;
}
