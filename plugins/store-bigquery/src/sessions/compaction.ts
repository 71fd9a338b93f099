import { type Clock, errorText, isMobError, MobError } from '@mobkit/core';

export interface CompactionDeps {
  readonly compact: () => Promise<number>;
  readonly clock: Clock;
  /** From the end of one to the beginning of the next, and before the first. */
  readonly everyMs: number;
  /** Told of each that fails; the next is made all the same. */
  readonly onError: (error: MobError) => void;
}

/** Begins to compact now and then. Returns what ends it, once the one under way has ended. */
export function compactNowAndThen({ compact, clock, everyMs, onError }: CompactionDeps): () => Promise<void> {
  let running = Promise.resolve();
  let ended = false;
  let cancel: () => void;
  const wait = () => {
    cancel = clock.after(everyMs, () => void (running = once()), { background: true });
  };
  const once = async () => {
    try {
      await compact();
    } catch (error) {
      if (!ended) onError(asMobError(error));
    }
    if (!ended) wait();
  };
  wait();
  return async () => {
    ended = true;
    cancel();
    await running;
  };
}

function asMobError(error: unknown): MobError {
  if (isMobError(error)) return error;
  return new MobError(
    'MOB_STORE_REFUSED',
    `BigQuery could not remove superseded sessions: ${errorText(error)}`,
    {
      cause: error,
    },
  );
}
