import { type AppendResult, type EventLogStore, MobError, type NewEvent } from '@mobkit/core';
import { openMemoryStores } from '@mobkit/store-memory';

/** `lose` stores the batch and loses the answer. */
export type Answer = 'fail' | 'lose' | 'store' | Error;

/** An event log in memory that answers as it is told. */
export interface FlakyStore extends EventLogStore {
  /** The ids of every append so far. */
  readonly attempts: readonly (readonly string[])[];
  /** How the next appends are answered; then, and at first, as `otherwise` says. */
  answer(...next: readonly Answer[]): void;
  /** @defaultValue `store` */
  otherwise: Answer | 'hold' | ((events: readonly NewEvent[]) => Answer);
  /** Answers the append that is held; true if one was. */
  release(answer?: Answer): boolean;
  ids(): Promise<readonly string[]>;
}

export async function openFlakyStore(): Promise<FlakyStore> {
  const { eventLog } = await openMemoryStores();
  const attempts: (readonly string[])[] = [];
  const planned: Answer[] = [];
  let held: ((answer: Answer) => void) | undefined;

  async function append(events: readonly NewEvent[], answer: Answer): Promise<AppendResult> {
    if (answer === 'fail') throw unavailable();
    if (answer instanceof Error) throw answer;
    const result = await eventLog.appendBatch(events);
    if (answer === 'lose') throw unavailable();
    return result;
  }

  const store: FlakyStore = {
    ...eventLog,
    attempts,
    otherwise: 'store',
    answer: (...next) => void planned.push(...next),
    async appendBatch(events) {
      attempts.push(events.map(({ id }) => id));
      const answer = planned.shift() ?? store.otherwise;
      if (typeof answer === 'function') return append(events, answer(events));
      if (answer !== 'hold') return append(events, answer);
      return append(events, await new Promise<Answer>((resolve) => (held = resolve)));
    },
    release(answer = 'store') {
      const answering = held;
      held = undefined;
      answering?.(answer);
      return answering !== undefined;
    },
    ids: async () => (await eventLog.query({ afterSeq: 0, limit: 100_000 })).events.map(({ id }) => id),
  };
  return store;
}

export function unavailable(): MobError {
  return new MobError('MOB_STORE_UNAVAILABLE', 'no answer', { retryable: true });
}

/** A refusal without a retry; of what was in the batch when it has a `reason`. */
export function refusal(reason?: 'data'): MobError {
  return new MobError('MOB_STORE_REFUSED', 'no', { details: reason ? { reason } : {} });
}
