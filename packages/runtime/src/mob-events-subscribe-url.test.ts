import { expect, it } from 'vitest';

import { mobEventsSubscribeUrl } from './mob-events-subscribe-url.js';

it('[runtime.subscribe-url] names every filter in a fixed order, escaped, and never the limit', () => {
  const query = {
    limit: 5,
    eventTypes: ['flow_started', 'a b'],
    untilMs: 20,
    sinceMs: 10,
    memberId: 'worker-1:0',
    identity: 'ä&b',
    stepId: 's=1',
    runId: 'r/1',
    mobId: 'demo',
  };
  expect(mobEventsSubscribeUrl(query, 7, 9)).toBe(
    '/mobkit/mob_events/stream?after_seq=7&mob_id=demo&run_id=r%2F1&step_id=s%3D1&identity=%C3%A4%26b' +
      '&member_id=worker-1%3A0&since_ms=10&until_ms=20&event_types=flow_started%2Ca+b',
  );
});

it('goes on from the page, else from what was asked for, else from the latest', () => {
  expect(mobEventsSubscribeUrl({ afterSeq: 3 }, 5, 9)).toBe('/mobkit/mob_events/stream?after_seq=5');
  expect(mobEventsSubscribeUrl({ afterSeq: 3 }, undefined, 9)).toContain('after_seq=3');
  expect(mobEventsSubscribeUrl({ eventTypes: [] }, undefined, 9)).toBe(
    '/mobkit/mob_events/stream?after_seq=9',
  );
});
