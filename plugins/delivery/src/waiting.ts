import type { KeptDelivery } from './attempts.js';

type Told = (delivery: KeptDelivery | undefined) => void;

/** Those who wait for the outcome of a delivery. */
export class Waiting {
  readonly #waiting = new Map<string, Set<Told>>();

  /** Resolves with the outcome; with nothing when it is not waited for any more. Forget it when you do not. */
  outcomeOf(deliveryId: string): { readonly told: Promise<KeptDelivery | undefined>; forget(): void } {
    let tell: Told = () => {};
    const told = new Promise<KeptDelivery | undefined>((resolve) => (tell = resolve));
    const waiting = this.#waiting.get(deliveryId) ?? new Set();
    this.#waiting.set(deliveryId, waiting.add(tell));
    const forget = () => {
      waiting.delete(tell);
      if (waiting.size === 0 && this.#waiting.get(deliveryId) === waiting) this.#waiting.delete(deliveryId);
    };
    return { told, forget };
  }

  tell(delivery: KeptDelivery): void {
    for (const tell of this.#waiting.get(delivery.deliveryId) ?? []) tell(delivery);
  }

  /** Nobody waits any longer. */
  release(): void {
    for (const waiting of this.#waiting.values()) for (const tell of waiting) tell(undefined);
  }
}
