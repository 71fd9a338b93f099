import { entryOfEvent, type NewEvent, type StoredEntry } from '@mobkit/core';

import type { QueryRow } from '../client/query-rows.js';
import type { TableShape } from '../client/prepare-table.js';
import { isoDay } from './days.js';
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

/** The row as JSON text, but for when it is written: what `writtenAt` ends it with. @throws TypeError for an event that no store keeps. */
export function toRow({ event, day }: PlacedEvent, fence: number): string {
  const { seq, ...given } = event;
  const { id, timestampMs, fields = {}, data } = entryOfEvent(given);
  // By hand: an object would be built to be taken apart again, half a million times a minute.
  let row = `{"event_day":"${isoDay(day)}","seq":"${seq}","fence":${fence},"timestamp_ms":"${timestampMs}"`;
  row += `,"id":${JSON.stringify(id)}`;
  for (const field of FIELDS) {
    const value = fields[field];
    if (value !== undefined) row += `,"${field}":${JSON.stringify(value)}`;
  }
  return `${row},"data":${JSON.stringify(data)}`;
}

export function writtenAt(writtenMs: number): string {
  return `,"written_ms":"${writtenMs}"}`;
}

/** What `eventOfEntry` makes an event of: `data` says everything but id, time and place. */
export function toEntry(row: QueryRow): StoredEntry {
  return {
    seq: Number(row['seq']),
    id: row['id'] ?? '',
    timestampMs: Number(row['timestamp_ms']),
    fields: {},
    data: row['data'] ?? '',
  };
}

/** Refuses what `toRow` would, before it has a place. */
export function checkEvents(events: readonly NewEvent[]): void {
  for (const event of events) entryOfEvent(event);
}
