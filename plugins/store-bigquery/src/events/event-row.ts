import { entryOfEvent, type NewEvent, type PersistedEvent, type StoredEntry } from '@mobkit/core';

import type { QueryRow } from '../client/query-rows.js';
import type { TableShape } from '../client/prepare-table.js';
import type { PlacedEvent } from './place-events.js';

/** Of `eventLogDefinition`, as columns of their own. */
const FIELDS = ['event_type', 'member_id', 'identity', 'mob_id', 'run_id', 'step_id'] as const;

/** One row an event. A row counts under the fence that was in force for its `seq`, and once. */
export function eventTableShape(retentionDays: number | undefined): TableShape {
  return {
    columns: {
      event_day: { type: 'DATE', required: true },
      seq: { type: 'INTEGER', required: true },
      fence: { type: 'INTEGER', required: true },
      id: { type: 'STRING', required: true },
      timestamp_ms: { type: 'INTEGER', required: true },
      ...Object.fromEntries(FIELDS.map((field) => [field, { type: 'STRING' as const }])),
      data: { type: 'STRING', required: true },
      written_ms: { type: 'INTEGER', required: true },
    },
    partitionedBy: 'event_day',
    clusteredBy: ['identity', 'event_type', 'seq'],
    ...(retentionDays !== undefined && { retentionDays }),
  };
}

/**
 * The row as JSON text, which ends with `writtenAt`. What has a column of its own is not in `data` as well: that would be a third of
 * every request.
 */
export function toRow(event: PlacedEvent, fence: number, date: string, writtenMs: number): string {
  return JSON.stringify({
    event_day: date,
    seq: event.seq,
    fence,
    timestamp_ms: event.timestampMs,
    id: event.id,
    event_type: event.event.eventType,
    member_id: event.memberId,
    identity: event.identity,
    mob_id: event.mobId,
    run_id: event.runId,
    step_id: event.stepId,
    data: JSON.stringify({ interactionId: event.interactionId, stream: event.stream, event: event.event }),
    written_ms: writtenMs,
  });
}

export function writtenAt(writtenMs: number): string {
  return `,"written_ms":${writtenMs}}`;
}

/** The columns an event is read from. */
export const EVENT_COLUMNS = 'seq, id, timestamp_ms, member_id, identity, mob_id, run_id, step_id, data';

export function toEntry(row: QueryRow): StoredEntry {
  const fields: Record<string, string> = {};
  for (const field of FIELDS) {
    const value = row[field];
    if (value !== null && value !== undefined) fields[field] = value;
  }
  const [seq, timestampMs] = [Number(row['seq']), Number(row['timestamp_ms'])];
  return { seq, id: row['id'] ?? '', timestampMs, fields, data: row['data'] ?? '' };
}

export function toEvent({ seq, id, timestampMs, fields, data }: StoredEntry): PersistedEvent {
  const { member_id: memberId, identity, mob_id: mobId, run_id: runId, step_id: stepId } = fields;
  const named = { memberId, identity, mobId, runId, stepId };
  const given = Object.entries(named).filter(([, value]) => value !== undefined);
  const rest = JSON.parse(data) as Pick<PersistedEvent, 'event' | 'interactionId' | 'stream'>;
  return { seq, id, timestampMs, ...Object.fromEntries(given), ...rest };
}

/** Refuses what `toRow` would, before others are to be written with them. */
export function checkEvents(events: readonly NewEvent[]): void {
  for (const event of events) entryOfEvent(event);
}
