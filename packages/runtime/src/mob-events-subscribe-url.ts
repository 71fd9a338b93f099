import type { EventQuery } from '@mobkit/core';

/** Where structural events are streamed over HTTP. */
export const MOB_EVENTS_STREAM_PATH = '/mobkit/mob_events/stream';

/**
 * The path and query that go on where a page of structural events ended: nothing between the page and the stream is
 * lost. `limit` is never part of it.
 *
 * @param nextAfterSeq - the cursor to go on from; absent: the `afterSeq` that was asked for.
 * @param latestCursor - what to go on from when there is neither: the ledger's last cursor when the page was read.
 */
export function mobEventsSubscribeUrl(
  query: EventQuery,
  nextAfterSeq: number | undefined,
  latestCursor: number,
): string {
  const { eventTypes = [] } = query;
  // Kept in this order, which existing clients compare.
  const given = {
    after_seq: nextAfterSeq ?? query.afterSeq ?? latestCursor,
    mob_id: query.mobId,
    run_id: query.runId,
    step_id: query.stepId,
    identity: query.identity,
    member_id: query.memberId,
    since_ms: query.sinceMs,
    until_ms: query.untilMs,
    event_types: eventTypes.length > 0 ? eventTypes.join(',') : undefined,
  };
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined) parameters.append(name, String(value));
  }
  return `${MOB_EVENTS_STREAM_PATH}?${parameters.toString()}`;
}
