import { type RecordsDefinition, scopedName } from '@mobkit/core';

/** Where a `Storage` keeps what a scheduler knows. */
export interface ScheduleTables {
  /** By schedule id. The next due time is what it hands them out by. */
  readonly schedules: RecordsDefinition;
  /** By occurrence id. Those that somebody may have to take up are due when nobody has renewed them. */
  readonly occurrences: RecordsDefinition;
  /** Up to when each schedule of the tick call has fired, by schedule id. */
  readonly ticks: RecordsDefinition;
}

/**
 * The tables of a scope, as whoever asks a storage for what is due gets it whosever it is.
 */
export function scheduleTables(scope: string | undefined): ScheduleTables {
  const name = (base: string) => scopedName(base, scope);
  return {
    schedules: { kind: 'records', name: name('schedules'), fields: { phase: 'text', target: 'text' } },
    occurrences: {
      kind: 'records',
      name: name('occurrences'),
      // `live` is 1 while an occurrence is not over, and else absent.
      fields: { schedule_id: 'text', phase: 'text', occurs_at_ms: 'integer', live: 'integer' },
    },
    ticks: { kind: 'records', name: name('ticks'), fields: { fired_until_ms: 'integer' } },
  };
}
