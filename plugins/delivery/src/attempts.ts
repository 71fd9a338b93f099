import type { DeliveryAttempt, DeliveryRecord } from '@mobkit/core/ops';

import type { SinkOutcome } from './call-sink.js';
import { retryPauseMs } from './retry-pause.js';

/** A delivery as it is kept: with what only its retries need. */
export interface KeptDelivery extends DeliveryRecord {
  /** How many attempts were made before it was last sent again; absent when it never was. */
  readonly redrivenAfter?: number;
}

/** One that was asked for and has no attempt yet. */
export type NewDelivery = Omit<KeptDelivery, 'status' | 'attempts'> & Partial<Pick<KeptDelivery, 'attempts'>>;

/** What an end depends on beside the outcome. */
export interface EndContext {
  readonly nowMs: number;
  /** Whether the sink takes the same message twice as one. */
  readonly idempotent: boolean;
  readonly longestBackoffMs: number;
}

/** The same delivery with one attempt more, under way. */
export function begun(delivery: NewDelivery, nowMs: number): KeptDelivery {
  const { attempts = [] } = delivery;
  const attempt = {
    attempt: attempts.length + 1,
    status: 'started',
    startedAtMs: nowMs,
    backoffMs: 0,
  } as const;
  const next = { ...delivery, status: 'pending', attempts: [...attempts, attempt] } as const;
  if (delivery.nextAttemptAtMs === undefined) return next;
  const { nextAttemptAtMs: _, ...begins } = next;
  return begins;
}

/** The same delivery with its last attempt ended: settled, or waiting for the next one. */
export function ended(delivery: KeptDelivery, outcome: SinkOutcome, context: EndContext): KeptDelivery {
  const end = {
    status: outcome.status,
    endedAtMs: context.nowMs,
    ...('error' in outcome && { error: outcome.error }),
  };
  if (outcome.status === 'sent') {
    const { sinkAdapter } = outcome;
    return { ...withEnd(delivery, end), status: 'sent', ...(sinkAdapter !== undefined && { sinkAdapter }) };
  }
  const again =
    outcome.status === 'transient_failure' || (outcome.status === 'unknown' && context.idempotent);
  const failures = delivery.attempts.length - (delivery.redrivenAfter ?? 0);
  const { retryMax, backoffMs } = delivery.resolution;
  if (!again || failures > retryMax) {
    return { ...withEnd(delivery, end), status: outcome.status === 'unknown' ? 'unknown' : 'failed' };
  }
  const atLeastMs = 'retryAfterMs' in outcome ? outcome.retryAfterMs : undefined;
  const pauseMs = retryPauseMs(failures, { backoffMs, longestMs: context.longestBackoffMs, atLeastMs });
  return { ...withEnd(delivery, { ...end, backoffMs: pauseMs }), nextAttemptAtMs: context.nowMs + pauseMs };
}

/** The attempt under way; undefined when none is. */
export function openAttempt({ attempts }: DeliveryRecord): DeliveryAttempt | undefined {
  const last = attempts.at(-1);
  return last?.status === 'started' ? last : undefined;
}

function withEnd(delivery: KeptDelivery, end: Partial<DeliveryAttempt>): KeptDelivery {
  const attempts = [...delivery.attempts];
  const last = attempts.pop();
  if (last) attempts.push({ ...last, ...end });
  return { ...delivery, attempts };
}
