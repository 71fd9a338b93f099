import { randomUUID } from 'node:crypto';

import {
  type DeadLetter,
  deadLetterKey,
  deadLettersDefinition,
  type MobError,
  type NewEntry,
  systemClock,
} from '@mobkit/core';

import type { Db } from './connection.js';
import { put } from './put-records.js';

/** What a dead letter keeps of an event. */
const MOST_CHARACTERS = 64 * 1024;

/** Keeps an event that the log refused as a dead letter, within a transaction. */
export async function buryEvent(
  trx: Db,
  schema: string,
  { id, timestampMs, data }: NewEntry,
  error: MobError,
): Promise<void> {
  const refusedAtMs = systemClock.now();
  const event = JSON.stringify({ id, timestampMs, ...(JSON.parse(data) as object) });
  const letter: Omit<DeadLetter, 'key'> = {
    eventId: id,
    refusedAtMs,
    error: `${error.message}: ${String(error.cause)}`,
    event: event.slice(0, MOST_CHARACTERS),
  };
  await put(trx, schema, {
    records: deadLettersDefinition,
    key: deadLetterKey(refusedAtMs, randomUUID()),
    record: { data: JSON.stringify(letter) },
  });
}
