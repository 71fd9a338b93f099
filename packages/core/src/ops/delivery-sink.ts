import type { DeliveryRequest } from './delivery.js';

/** One way out of the mob. Contributed to `tokens.deliverySinks`. */
export interface DeliverySink {
  /** What routes call it by. */
  readonly name: string;

  /**
   * Whether it carries now what is for a sink of this name, before any that has the name. Asked for each attempt; must be quick
   * and must not throw.
   *
   * @defaultValue never: only what is for its own name
   */
  carries?(sink: string): boolean;

  /**
   * Whether a message that comes again with the same `deliveryId` arrives once all the same. Only then is an attempt of which
   * nobody knows what became of it made again by itself.
   *
   * @defaultValue false
   */
  readonly idempotent?: boolean;

  /**
   * Resolves when the message is handed over, or when it cannot be known (`SinkReceipt.unknown`).
   *
   * @throws MobError whatever keeps it from that. One that is `retryable` is a failure for the moment: the message is tried
   * again, not before `details.retryAfterMs` if that is given. Every other error is final.
   */
  deliver(message: DeliveryMessage, context: SinkContext): Promise<SinkReceipt | void>;
}

/** What a sink is given to hand over. */
export interface DeliveryMessage extends DeliveryRequest {
  /** The same at every attempt. */
  readonly deliveryId: string;
}

/** What a sink is told beside the message. */
export interface SinkContext {
  /** Aborted when nobody waits for the sink any more, as its time is over or the process ends. */
  readonly signal: AbortSignal;
  /** From 1. */
  readonly attempt: number;
}

/** That a sink has passed a message on, as far as it knows. */
export interface SinkReceipt {
  /** What the message was handed to, such as a server or the id it gave. */
  readonly sinkAdapter?: string;
  /** Why it cannot be known whether the message was taken, such as an answer that was lost. Absent: it was taken. */
  readonly unknown?: string;
}
