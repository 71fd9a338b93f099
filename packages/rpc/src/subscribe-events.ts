import { MobError } from '@mobkit/core';
import type { TimelineEntry, UnifiedRuntime } from '@mobkit/runtime';
import { z } from 'zod';

import { KEEP_ALIVE_MS } from './keep-alive.js';
import type { Method } from './method.js';
import { parseParams } from './params.js';
import { toWireUnifiedEvent, type WireUnifiedEvent } from './wire.js';

/** How many of the newest events that match can be replayed. */
const REPLAYED = 256;

const SCOPES = ['mob', 'agent', 'interaction'] as const;
type Scope = (typeof SCOPES)[number];

const text = z.string('must be a string').optional();
const subscribeParams = z.strictObject({ scope: text, last_event_id: text, agent_id: text });

/** An event with where it is from, as clients read it. */
interface WireEnvelope {
  readonly event_id: string;
  readonly source: WireUnifiedEvent['kind'];
  readonly timestamp_ms: number;
  readonly event: WireUnifiedEvent;
}

/**
 * The newest events of agents and modules, in the order in which the runtime took them in, and how they would read as
 * frames of an event stream. Replays from an event on, that event included: a client that has it knows it by its id.
 */
export const subscribeEvents: Method = async ({ runtime }, params) => {
  const given = parseParams(subscribeParams, params);
  const scope = scopeOf(given.scope);
  const agentId = agentOf(scope, given.agent_id);
  const from = checkpointOf(given.last_event_id);
  const newest = newestIn(runtime, (entry) => isIn(scope, agentId, entry));
  const events = from === undefined ? newest : replayFrom(newest, from);
  return {
    scope,
    replay_from_event_id: from ?? null,
    keep_alive: { interval_ms: KEEP_ALIVE_MS, event: 'keep-alive' },
    keep_alive_comment: ': keep-alive\n\n',
    event_frames: events.map(toFrame),
    events,
  };
};

function scopeOf(given = 'mob'): Scope {
  const scope = SCOPES.find((one) => one === given);
  if (scope) return scope;
  throw invalid('scope', `unsupported scope '${given}' (allowed: ${SCOPES.join(', ')})`);
}

function agentOf(scope: Scope, given: string | undefined): string | undefined {
  if (scope !== 'agent') return undefined;
  if (given === undefined) throw invalid('agent_id', "agent_id is required when scope is 'agent'");
  if (given.trim() === '') throw invalid('agent_id', "agent_id cannot be empty when scope is 'agent'");
  return given.trim();
}

function checkpointOf(given: string | undefined): string | undefined {
  if (given?.trim() === '') throw invalid('last_event_id', 'last_event_id cannot be empty');
  return given;
}

/** Structural events have a subscription of their own, and cursors that outlive the runtime. */
type Told = Exclude<TimelineEntry, { readonly source: 'ledger' }>;

function newestIn({ timeline }: UnifiedRuntime, matches: (entry: Told) => boolean): readonly WireEnvelope[] {
  const found: WireEnvelope[] = [];
  // All that is kept: which of it matches is not for the timeline to say, and reading it copies no event.
  for (const item of timeline.read({ limit: Number.MAX_SAFE_INTEGER }).items.toReversed()) {
    if (item.type === 'gap' || item.source === 'ledger' || !matches(item)) continue;
    found.push(toEnvelope(item));
    if (found.length === REPLAYED) break;
  }
  return found.toReversed();
}

function toEnvelope(entry: Told): WireEnvelope {
  const id = entry.source === 'agent' ? entry.event.id : entry.event.eventId;
  const { timestampMs, event } = entry.event;
  return { event_id: id, source: entry.source, timestamp_ms: timestampMs, event: toWireUnifiedEvent(event) };
}

function isIn(scope: Scope, agentId: string | undefined, { source, event }: Told): boolean {
  if (scope === 'mob') return true;
  if (scope === 'interaction') return event.event.eventType.startsWith('interaction');
  // An identity means all its incarnations, as everywhere.
  return source === 'agent' && (event.memberId === agentId || event.identity === agentId);
}

function replayFrom(events: readonly WireEnvelope[], id: string): readonly WireEnvelope[] {
  const at = events.findIndex(({ event_id }) => event_id === id);
  if (at >= 0) return events.slice(at);
  throw invalid('last_event_id', `unknown last_event_id '${id}'`);
}

function toFrame({ event_id: id, event }: WireEnvelope): string {
  return `id: ${line(id)}\nevent: ${line(event.event_type)}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** A line break in a name would begin another field. */
function line(value: string): string {
  return value.replaceAll(/[\r\n\0]/g, ' ');
}

function invalid(field: string, message: string): MobError {
  return new MobError('MOB_REQUEST_INVALID', message, { details: { field } });
}
