import { mobEventsSubscribeUrl } from '@mobkit/runtime';

import { toEventQuery, toStructuralQuery } from './event-queries.js';
import { KEEP_ALIVE_MS } from './keep-alive.js';
import type { Method } from './method.js';
import { deadEventsParams, eventQueryParams, parseParams } from './params.js';
import { subscribeEvents } from './subscribe-events.js';
import { toWireDeadLetter, toWireEvent, toWireStructuralEvent } from './wire.js';

const queryEvents: Method = async ({ runtime }, params) => {
  const query = toEventQuery(parseParams(eventQueryParams, params));
  const page = await runtime.queryEvents(query);
  return page ? page.events.map(toWireEvent) : { status: 'no_event_log_configured', events: [] };
};

const deadEvents: Method = async ({ runtime }, params) => {
  const { after_key: afterKey, limit } = parseParams(deadEventsParams, params);
  const page = await runtime.deadLetters({ limit, ...(afterKey !== undefined && { afterKey }) });
  if (!page) return { status: 'no_dead_letters_configured', letters: [], has_more: false };
  const last = page.letters.at(-1);
  return {
    letters: page.letters.map(toWireDeadLetter),
    ...(last && { next_after_key: last.key }),
    // As below: a page of none has nothing to go on after.
    has_more: page.more && last !== undefined,
  };
};

const queryMobEvents: Method = async ({ runtime }, params) => {
  const query = toStructuralQuery(parseParams(eventQueryParams, params));
  const page = await runtime.queryMobEvents(query);
  return {
    events: page.events.map(toWireStructuralEvent),
    next_after_seq: page.scannedTo,
    // A page of none says nothing of what is there: whoever follows `has_more` would ask for ever.
    has_more: page.more && page.events.length > 0,
  };
};

const subscribeMobEvents: Method = async ({ runtime }, params) => {
  const given = parseParams(eventQueryParams, params);
  const page = await runtime.queryMobEvents(toStructuralQuery(given));
  return {
    stream: 'mob_events',
    events: page.events.map(toWireStructuralEvent),
    next_after_seq: page.scannedTo,
    subscribe_url: mobEventsSubscribeUrl(toEventQuery(given), page.scannedTo, page.latestCursor),
    keep_alive: { interval_ms: KEEP_ALIVE_MS, event: 'keep_alive' },
  };
};

export const eventMethods = {
  'mobkit/query_events': queryEvents,
  'mobkit/dead_events': deadEvents,
  'mobkit/events/subscribe': subscribeEvents,
  'mobkit/mob_events/query': queryMobEvents,
  'mobkit/mob_events/subscribe': subscribeMobEvents,
};
