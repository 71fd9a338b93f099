import type { NewEntry, NewEvent, StorageWrite } from '@mobkit/core';

import { entry, event, testLog, testRecords } from '../makers.js';

/** What a child process of the kit does: numbered steps, each acknowledged to the parent when the store returned. */
export interface Work {
  readonly kind: 'entries' | 'events' | 'commits';
  /** Part of every id, so that writers do not take each other's for duplicates. */
  readonly writer: string;
  /** The first step. */
  readonly from: number;
  /** One after the last step. Absent: it goes on until it is killed. */
  readonly to?: number;
}

/** Steps are of different sizes, so that a half one can be told. */
function sizeOf(step: number): number {
  return (step % 7) + 2;
}

export function entriesOf(writer: string, step: number): NewEntry[] {
  return idsOf(writer, step).map((id) => entry(id, { data: JSON.stringify({ id, of: writer }) }));
}

export function eventsOf(writer: string, step: number): NewEvent[] {
  return idsOf(writer, step).map((id) => event(id));
}

/** Moves a token from the step before to this one, and notes it in two partitions. */
export function commitOf(writer: string, step: number): StorageWrite {
  const record = { data: JSON.stringify(step) };
  const entries = entriesOf(writer, step);
  return {
    puts: [
      { records: testRecords, key: 'step', record },
      { records: testRecords, key: `token ${step}`, record },
    ],
    deletes: [{ records: testRecords, key: `token ${step - 1}` }],
    appends: [
      { log: testLog, partition: 'one', entries },
      { log: testLog, partition: 'two', entries: entries.slice(1) },
    ],
  };
}

export function idsOf(writer: string, step: number): string[] {
  return Array.from({ length: sizeOf(step) }, (_, n) => `${writer}:${step}:${n}`);
}
