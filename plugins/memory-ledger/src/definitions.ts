import type { LogDefinition, RecordsDefinition } from '@mobkit/core';

const about = { entity: 'text', topic: 'text', store: 'text' } as const;

/** Facts, by `assertionKey`: in the order in which they came. */
export const assertionsDefinition = {
  kind: 'records',
  name: 'memory_assertions',
  fields: about,
} as const satisfies RecordsDefinition;

/** Conflicts that nobody has resolved, by `conflictKey`. */
export const conflictsDefinition = {
  kind: 'records',
  name: 'memory_conflicts',
  fields: about,
} as const satisfies RecordsDefinition;

/** What was taken out, and by whom. */
export const changesDefinition = {
  kind: 'log',
  name: 'memory_changes',
  fields: about,
} as const satisfies LogDefinition;

/** One record: what every change of the ledger counts in, and so what makes changes follow one another. */
export const stateDefinition = {
  kind: 'records',
  name: 'memory_state',
  fields: {},
} as const satisfies RecordsDefinition;

/** Wide enough for every safe integer, so that keys are in the order of their numbers. */
const KEY_DIGITS = 16;

const ID = /^memory-assert-(\d{6,16})$/;

export function assertionKey(number: number): string {
  return String(number).padStart(KEY_DIGITS, '0');
}

export function assertionId(number: number): string {
  return `memory-assert-${String(number).padStart(6, '0')}`;
}

/** The key of the assertion of an id; undefined for what is no id. */
export function keyOfAssertion(id: string): string | undefined {
  return ID.exec(id)?.[1]?.padStart(KEY_DIGITS, '0');
}

/** Sorts by entity, topic and store: no name holds the separator, or anything below it. */
export function conflictKey(entity: string, topic: string, store: string): string {
  return [entity, topic, store].join('\u0001');
}
