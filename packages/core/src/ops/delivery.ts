import type { JsonValue } from '../json-value.js';
import type { Resolution } from './router.js';
import type { RuntimeService } from './runtime-service.js';

/**
 * Carries messages out of the mob and keeps what became of each. An attempt is recorded before its sink is called and
 * after, so that one cut short by a crash is known; what failed for the moment is tried again, also by the next process
 * and by others that work on the same store.
 */
export interface Delivery extends RuntimeService {
  /**
   * Hands a message to the sink its resolution names. Answers when the outcome is known, or after a while (which the
   * implementation documents) with the record as `pending`: then it goes on by itself. That the sink refused the message is
   * an outcome, not an error: the record says so.
   *
   * A request with an idempotency key that was seen for the same recipient, channel and sink is not sent again: the record of
   * the first is answered, for as long as the key is kept. When that one has failed, the message is sent anew under the same
   * key, as a delivery of its own.
   *
   * What it throws was refused, and nothing was sent or recorded.
   *
   * @throws MobError `MOB_ROUTE_UNTRUSTED` for a resolution that no router here has issued as it is;
   * `MOB_IDEMPOTENCY_MISMATCH` for a key that was seen with another payload; `MOB_RATE_LIMITED`, retryable after
   * `details.retryAfterMs`; `MOB_REQUEST_INVALID` for a resolution meant for another module (`details.field`);
   * `MOB_SHUTTING_DOWN`. `MOB_DELIVERY_FAILED` with `details.handedOver` true is the one exception: the sink has taken the
   * message, which could not be recorded; do not send it again. `TypeError` for a payload that is no plain JSON, and for a
   * blank key.
   */
  send(request: DeliveryRequest): Promise<DeliveryRecord>;

  /** One record; undefined when there is none of that id. */
  get(deliveryId: string): Promise<DeliveryRecord | undefined>;

  /** The newest that match, oldest of them first. @throws TypeError for a limit that is none. */
  history(query?: DeliveryQuery): Promise<readonly DeliveryRecord[]>;

  /** As `history`, of those that are `failed` or `unknown`: the dead letters. */
  dead(query?: Omit<DeliveryQuery, 'status'>): Promise<readonly DeliveryRecord[]>;

  /**
   * Sends a dead letter again, with all its retries, in the same record and without regard to rate limits. Answers as `send`
   * does. Of one that is `unknown` the message may arrive twice: whoever calls has decided that.
   *
   * @throws MobError `MOB_DELIVERY_NOT_FOUND`; `MOB_CONFLICT` for one that is not dead, or whose message was
   * sent anew under the same idempotency key; `MOB_SHUTTING_DOWN`.
   */
  redrive(deliveryId: string): Promise<DeliveryRecord>;
}

/** Something to be delivered. */
export interface DeliveryRequest {
  /** Where it goes, as a router has issued it. */
  readonly resolution: Resolution;
  /** What is said; `payloadText` says how people and members read it. */
  readonly payload: JsonValue;
  /** Who sends: the identity of a member, or a name for what else does. */
  readonly from?: string;
  readonly interactionId?: string;
  /** Makes a repeated request one delivery. Not blank. */
  readonly idempotencyKey?: string;
}

/** A delivery and everything that was tried for it. */
export interface DeliveryRecord extends DeliveryRequest {
  /** Unique in the store. Ids sort by the time their delivery was asked for. */
  readonly deliveryId: string;
  readonly status: DeliveryStatus;
  /** At least one; oldest first. */
  readonly attempts: readonly DeliveryAttempt[];
  /** When the next attempt is due: Unix time in whole milliseconds. Only while it is `pending` and none is under way. */
  readonly nextAttemptAtMs?: number;
  /** What the sink called what it handed the message to. */
  readonly sinkAdapter?: string;
  /** The mob whose runtime sent it. */
  readonly mobId?: string;
}

/**
 * `pending`: under way, or to be tried again. `sent`: the sink took it. `failed`: it was not taken, and is not tried again.
 * `unknown`: nobody knows whether it was taken.
 */
export type DeliveryStatus = 'pending' | 'sent' | 'failed' | 'unknown';

/** A call of the sink that really happened. */
export interface DeliveryAttempt {
  /** From 1. */
  readonly attempt: number;
  /** `started` until it has ended; `transient_failure` when another one may help. */
  readonly status: 'started' | 'sent' | 'transient_failure' | 'failed' | 'unknown';
  /** Unix time in whole milliseconds, as the end. */
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
  /** How long the next attempt waits after this one; 0 when there is none. */
  readonly backoffMs: number;
  /** Why it was not `sent`. */
  readonly error?: string;
}

/** Which records are asked for. Every condition given must hold. */
export interface DeliveryQuery {
  /** Exactly. */
  readonly recipient?: string;
  /** Exactly. */
  readonly sink?: string;
  /** One of these. */
  readonly status?: readonly DeliveryStatus[];
  /** Only what is older than this delivery: the first id of the page before. */
  readonly before?: string;
  /** At most this many, from 1 to 200. @defaultValue 20 */
  readonly limit?: number;
}
