import { MobError } from '@mobkit/core';
import type { MobState } from '@mobkit/core/mob';

import type { Roster } from '../ledger/roster.js';
import { type CommandName, ruleOf } from './command-table.js';

/** In which state a mob is, and so which commands it takes and whether its members work. */
export class MobStates {
  readonly #mobId: string;
  readonly #roster: Roster;
  #started = false;
  #stopped: boolean;
  /** Why it takes no command any more in this process. */
  #closed: string | undefined;

  constructor(mobId: string, roster: Roster, stopped: boolean) {
    this.#mobId = mobId;
    this.#roster = roster;
    this.#stopped = stopped;
  }

  get state(): MobState {
    const { state } = this.#roster;
    const halted = this.#stopped || this.closed;
    return halted && state === 'Running' ? 'Stopped' : state;
  }

  /** Whether it was shut down in this process, or another engine has it. */
  get closed(): boolean {
    return this.#closed !== undefined;
  }

  get mayWork(): boolean {
    return this.#started && this.state === 'Running';
  }

  setStopped(stopped: boolean): void {
    this.#stopped = stopped;
  }

  start(): void {
    this.#started = true;
  }

  /** It takes no command from now on. */
  close(why: string): void {
    this.#closed ??= why;
  }

  /** @throws MobError `MOB_INVALID_TRANSITION` when it does not take this command now. */
  expect(command: CommandName): void {
    const { does, from } = ruleOf(command);
    const { state } = this;
    if (this.#closed === undefined && from.includes(state)) return;
    const why = this.#closed ?? `is ${state}, not ${from.join(' or ')}`;
    throw new MobError('MOB_INVALID_TRANSITION', `Cannot ${does}: mob "${this.#mobId}" ${why}`, {
      details: { mobId: this.#mobId, state },
    });
  }
}
