import { type Clock, MobError, within } from '@mobkit/core';
import type { OpenMobOptions } from '@mobkit/core/mob';

import type { Mob } from './mob.js';
import type { MobLease } from './mob-lease.js';

/** For the storage to say who has a mob that we lost. */
const ASK_OWNER_MS = 2_000;

export interface OwnershipDeps {
  readonly mobId: string;
  readonly clock: Clock;
  readonly options: Pick<OpenMobOptions, 'onLost' | 'onError'>;
}

/** Whether this engine may still run a mob, and what happens when it may not. */
export class Ownership {
  readonly #deps: OwnershipDeps;
  #mob: Mob | undefined;
  /** That the mob was handed out: from then on its host is told. */
  #open = false;
  #lost: MobError | undefined;
  #asked: MobError | undefined;
  lease: MobLease | undefined;

  constructor(deps: OwnershipDeps) {
    this.#deps = deps;
  }

  /** There is a mob to step down. */
  enter(mob: Mob): void {
    this.#mob = mob;
    if (this.#lost) mob.stepDown(this.#lost);
  }

  /** The mob is about to be handed out. @throws MobError what has ended that meanwhile. */
  opened(): void {
    const ended = this.#lost ?? this.#asked;
    if (ended) throw ended;
    this.#open = true;
  }

  /** Another engine has written what only we may write, or has taken the lease: ends the mob here. Acts once. */
  readonly lose = (cause: MobError): void => {
    if (this.#lost) return;
    this.#lost = cause;
    this.#mob?.stepDown(cause);
    if (this.#open) void this.#tellLoss(cause);
  };

  /** Another engine asks for the mob: ends it in order. */
  readonly give = (error: MobError): void => {
    this.#asked = error;
    if (!this.#open || this.#lost) return;
    this.#tell(error);
    // The host may have called it with a deadline of its own.
    void this.#mob?.shutdown();
  };

  async #tellLoss(cause: MobError): Promise<void> {
    if (cause.code === 'MOB_LEASE_LOST') return this.#tell(cause);
    const { mobId, clock } = this.#deps;
    const asking = Promise.resolve(this.lease?.takenBy()).catch(() => undefined);
    const taken = await within(clock, ASK_OWNER_MS, asking);
    const message = `Mob "${mobId}" is run by another engine now: ${cause.message}`;
    const unknown = new MobError('MOB_LEASE_LOST', message, { cause, details: { mobId } });
    this.#tell(taken ?? unknown);
  }

  #tell(error: MobError): void {
    const { onError, onLost } = this.#deps.options;
    const { owner } = error.details;
    onError?.({ category: 'lease_lost', ...(typeof owner === 'string' && { owner }), error: error.message });
    onLost?.(error);
  }
}
