import { setImmediate as nextTurn } from 'node:timers/promises';

import { type Clock, type DeadLetterStore, errorText, type EventLogStore, systemClock } from '@mobkit/core';
import { type MobPlugin, tokens } from '@mobkit/di';

import { deadLettersToken } from './dead-letters.js';
import { pruneEvents, type Retention } from './prune-events.js';

export interface RetentionOptions {
  readonly retention: Retention;
  /** Told how many went, when any did, and that it works again. */
  readonly onInfo: (text: string) => void;
  /** Told that nothing can be removed, once until something can. */
  readonly onWarning: (text: string) => void;
  readonly clock?: Clock;
}

const HOUR_MS = 60 * 60 * 1000;

/** Removes old events at start, beside everything else, and then every hour. */
export function retention(options: RetentionOptions): MobPlugin {
  return {
    name: 'retention',
    register({ container, lifecycle }) {
      let pruner: Pruner | undefined;
      lifecycle.add({
        name: 'retention',
        async start() {
          const eventLog = container.resolve(tokens.eventLogStore);
          pruner = new Pruner(eventLog, container.resolve(deadLettersToken), options);
          pruner.start();
        },
        stop: async () => pruner?.stop(),
      });
    },
  };
}

class Pruner {
  readonly #eventLog: EventLogStore;
  readonly #deadLetters: DeadLetterStore;
  readonly #options: RetentionOptions;
  readonly #clock: Clock;
  readonly #stopping = new AbortController();
  #failing = false;
  #cancel = () => {};
  #underWay: Promise<void> = Promise.resolve();

  constructor(eventLog: EventLogStore, deadLetters: DeadLetterStore, options: RetentionOptions) {
    this.#eventLog = eventLog;
    this.#deadLetters = deadLetters;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  start(): void {
    if (!this.#eventLog.prune) {
      this.#options.onWarning(
        'Retention is configured, but this event log lets nothing be removed: all is kept',
      );
      return;
    }
    this.#underWay = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#cancel();
    await this.#underWay;
  }

  async #run(): Promise<void> {
    await this.#prune();
    if (this.#stopping.signal.aborted) return;
    const again = () => void (this.#underWay = this.#run());
    this.#cancel = this.#clock.after(HOUR_MS, again, { background: true });
  }

  async #prune(): Promise<void> {
    const { retention: bounds, onInfo, onWarning } = this.#options;
    try {
      const gone = await pruneEvents(bounds, {
        eventLog: this.#eventLog,
        deadLetters: this.#deadLetters,
        nowMs: this.#clock.now(),
        signal: this.#stopping.signal,
        pause: () => nextTurn(),
      });
      if (this.#failing) onInfo('Retention works again');
      this.#failing = false;
      if (gone.events + gone.deadLetters > 0) {
        onInfo(`Retention removed ${gone.events} events and ${gone.deadLetters} dead letters`);
      }
    } catch (error) {
      if (!this.#failing) onWarning(`Retention could not remove old events: ${errorText(error)}`);
      this.#failing = true;
    }
  }
}
