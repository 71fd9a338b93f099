import type { EventQuery } from '@mobkit/core';

/** A page to ask for, and the same in SQL as somebody writes it by hand. */
export interface PageQuery {
  readonly name: string;
  readonly query: EventQuery;
  /** What follows `where partition = '' and`; `$1`, `$2` … stand for the parameters. */
  readonly where: string;
  readonly parameters: readonly (string | number)[];
  readonly descending?: true;
}

/** Every documented filter, and combinations people ask for, over `count` bench events. */
export function pageQueries(count: number): readonly PageQuery[] {
  const middle = Math.floor(count / 2);
  const base = 1_760_000_000_000;
  return [
    { name: 'newest', query: {}, where: 'true', parameters: [], descending: true },
    { name: 'after_seq', query: { afterSeq: middle }, where: 'seq > $1', parameters: [middle] },
    {
      name: 'member_id',
      query: { afterSeq: middle, memberId: 'worker-7:1' },
      where: 'member_id = $1 and seq > $2',
      parameters: ['worker-7:1', middle],
    },
    {
      name: 'identity',
      query: { afterSeq: middle, identity: 'worker-7' },
      where: 'identity = $1 and seq > $2',
      parameters: ['worker-7', middle],
    },
    {
      name: 'identity_newest',
      query: { memberId: 'worker-7' },
      where: 'identity = $1',
      parameters: ['worker-7'],
      descending: true,
    },
    {
      name: 'mob_id',
      query: { afterSeq: middle, mobId: 'bench' },
      where: 'mob_id = $1 and seq > $2',
      parameters: ['bench', middle],
    },
    {
      name: 'run_id',
      query: { afterSeq: 0, runId: `run-${Math.floor(middle / 200)}` },
      where: 'run_id = $1 and seq > $2',
      parameters: [`run-${Math.floor(middle / 200)}`, 0],
    },
    {
      name: 'step_id',
      query: { afterSeq: middle, stepId: 'step-8' },
      where: 'step_id = $1 and seq > $2',
      parameters: ['step-8', middle],
    },
    {
      name: 'event_type',
      query: { afterSeq: middle, eventTypes: ['turn_started'] },
      where: 'event_type = $1 and seq > $2',
      parameters: ['turn_started', middle],
    },
    {
      name: 'event_type_rare',
      query: { afterSeq: 0, eventTypes: ['run_failed'] },
      where: 'event_type = $1 and seq > $2',
      parameters: ['run_failed', 0],
    },
    {
      name: 'event_types',
      query: { afterSeq: middle, eventTypes: ['run_failed', 'turn_started', 'text_delta'] },
      where: 'event_type in ($1, $2, $3) and seq > $4',
      parameters: ['run_failed', 'turn_started', 'text_delta', middle],
    },
    {
      name: 'event_types_newest',
      query: { eventTypes: ['run_failed', 'turn_started'] },
      where: 'event_type in ($1, $2)',
      parameters: ['run_failed', 'turn_started'],
      descending: true,
    },
    {
      name: 'time_range',
      query: { sinceMs: base + middle, untilMs: base + middle + 10_000, afterSeq: 0 },
      where: 'timestamp_ms >= $1 and timestamp_ms < $2 and seq > $3',
      parameters: [base + middle, base + middle + 10_000, 0],
    },
    {
      name: 'identity_and_type',
      query: { afterSeq: middle, identity: 'worker-7', eventTypes: ['turn_completed'] },
      where: 'identity = $1 and event_type = $2 and seq > $3',
      parameters: ['worker-7', 'turn_completed', middle],
    },
    {
      name: 'identity_and_time',
      query: { afterSeq: 0, identity: 'worker-7', sinceMs: base + middle },
      where: 'identity = $1 and timestamp_ms >= $2 and seq > $3',
      parameters: ['worker-7', base + middle, 0],
    },
  ];
}
