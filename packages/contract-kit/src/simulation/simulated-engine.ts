import { type Clock, delay, MobError } from '@mobkit/core';
import type { ChildMobs, MobEngine, MobHandle, OpenMobOptions } from '@mobkit/core/mob';

import type { SeededRandom } from './seeded-random.js';

/** How often what goes wrong: shares from 0 to 1. */
export interface EngineFaults {
  /** Opening fails before anything is open. */
  readonly open: number;
  /** A command fails and has done nothing. */
  readonly command: number;
  /** A command is done, and fails all the same. */
  readonly afterCommand: number;
  /** The longest a command waits before it begins, in milliseconds. */
  readonly slowestMs: number;
}

/** What a simulated engine stands on. The same `random`, `clock` and calls make the same faults. */
export interface SimulatedEngineOptions {
  readonly inner: MobEngine;
  readonly random: SeededRandom;
  readonly clock: Clock;
  readonly faults: EngineFaults;
}

/** The commands that change roster and wiring: where a runtime has to live with a failure. */
const COMMANDS = new Set<string>([
  'spawn',
  'retire',
  'respawn',
  'resetMember',
  'wire',
  'unwire',
  'wireMany',
] satisfies (keyof MobHandle)[]);

/** An engine whose mobs take their time and fail as a seed decides, over one that works. */
export class SimulatedEngine implements MobEngine {
  readonly #options: SimulatedEngineOptions;
  readonly childMobs?: ChildMobs;
  /** May be changed at any time. */
  faults: EngineFaults;

  constructor(options: SimulatedEngineOptions) {
    this.#options = options;
    this.faults = options.faults;
    if (options.inner.childMobs) this.childMobs = options.inner.childMobs;
  }

  async open(options: OpenMobOptions) {
    const { inner, random } = this.#options;
    if (random.chance(this.faults.open)) throw failure('The engine did not open');
    const { mob, report } = await inner.open(options);
    return { mob: this.#around(mob), report };
  }

  #around(mob: MobHandle): MobHandle {
    return new Proxy(mob, {
      get: (target, name) => {
        // Of the target and not of the proxy, which has no private fields.
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        const call = (...given: unknown[]): unknown => Reflect.apply(value, target, given);
        return typeof name === 'string' && COMMANDS.has(name)
          ? async (...given: unknown[]) => this.#command(async () => call(...given))
          : call;
      },
    });
  }

  async #command(work: () => Promise<unknown>): Promise<unknown> {
    const { random, clock } = this.#options;
    await delay(clock, random.whole(0, this.faults.slowestMs));
    if (random.chance(this.faults.command)) throw failure('The command was not done');
    const result = await work();
    if (random.chance(this.faults.afterCommand)) throw failure('Whether the command was done is not known');
    return result;
  }
}

function failure(message: string): MobError {
  return new MobError('MOB_STORE_UNAVAILABLE', message, { retryable: true });
}
