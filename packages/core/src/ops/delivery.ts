import type { Resolution } from './router.js';
import type { RuntimeService } from './runtime-service.js';

/** Carries messages out of the mob and keeps what became of each. */
export interface Delivery extends RuntimeService {
  /**
   * Hands a message to the sink its resolution names. The attempt is recorded before the sink is called and after, so
   * that one cut short by a crash is still known.
   *
   * @throws MobError `MOB_DELIVERY_FAILED` when the sink refuses or there is none of that name; the record says so too.
   */
  send(request: DeliveryRequest): Promise<DeliveryRecord>;
}

export interface DeliveryRequest {
  readonly resolution: Resolution;
  readonly content: string;
  /** Who sends: the identity of a member, or a name for what else does. */
  readonly from: string;
  readonly interactionId?: string;
}

export interface DeliveryRecord extends DeliveryRequest {
  readonly deliveryId: string;
  /** `started` until the sink has answered; one that stays so was cut short. */
  readonly status: 'started' | 'sent' | 'failed';
  /** Why it failed; absent otherwise. */
  readonly error?: string;
  /** Unix time in whole milliseconds. */
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
}

/** One way out of the mob. Contributed to `tokens.deliverySinks`. */
export interface DeliverySink {
  /** What routes call it by. */
  readonly name: string;
  /** Resolves when the message is handed over. @throws whatever keeps it from that. */
  deliver(message: DeliveryRecord): Promise<void>;
}
