import { type EventQuery, MobError } from '@mobkit/core';
import type { StructuralQuery } from '@mobkit/runtime';

import { type EventQueryParams, eventQueryParams, parseParams } from './params.js';

export function toEventQuery(params: EventQueryParams): EventQuery {
  return present({
    afterSeq: params.after_seq,
    sinceMs: params.since_ms,
    untilMs: params.until_ms,
    memberId: params.member_id,
    identity: params.identity,
    mobId: params.mob_id,
    runId: params.run_id,
    stepId: params.step_id,
    eventTypes: params.event_types,
    limit: params.limit,
  });
}

export function toStructuralQuery(params: EventQueryParams): StructuralQuery {
  return present({
    afterCursor: params.after_seq,
    sinceMs: params.since_ms,
    untilMs: params.until_ms,
    agentIdentity: params.identity ?? params.member_id,
    mobId: params.mob_id,
    runId: params.run_id,
    stepId: params.step_id,
    kinds: params.event_types,
    limit: params.limit,
  });
}

/**
 * Reads a structural query from a URL: the same fields as the RPC methods take, `event_types` joined by commas, each at
 * most once.
 *
 * @throws MobError `MOB_REQUEST_INVALID` naming the field.
 */
export function parseStructuralSearch(search: URLSearchParams): StructuralQuery {
  const given: Record<string, unknown> = {};
  for (const [field, value] of search) {
    if (Object.hasOwn(given, field)) {
      throw new MobError('MOB_REQUEST_INVALID', `${field} is given twice`, { details: { field } });
    }
    given[field] = fromText(field, value);
  }
  return toStructuralQuery(parseParams(eventQueryParams, given));
}

const NUMBERS = new Set(['after_seq', 'since_ms', 'until_ms', 'limit']);

/** A number that is not written as one stays text, for the schema to refuse. */
function fromText(field: string, value: string): unknown {
  if (NUMBERS.has(field)) return /^\d+$/.test(value) ? Number(value) : value;
  if (field === 'event_types') return value.split(',').filter((type) => type !== '');
  return value;
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}
