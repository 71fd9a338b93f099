import { errorText } from '@mobkit/core';
import type { LlmMessage, RiskTier, ToolGate, ToolVerdict } from '@mobkit/core/mob';

import { codedErrorText } from '../agent/coded-error-text.js';
import { type ParkedTurn, PutAside, type TurnGate } from '../agent/parked-turn.js';
import type { MobContext } from '../engine/mob-context.js';
import type { Input } from './input.js';
import type { BegunRun, RunLog } from './run-log.js';

export interface GatedRun {
  readonly run: BegunRun;
  readonly identity: string;
  readonly sessionId: string;
  /** Of the profile, by tool. */
  readonly tiers: Readonly<Record<string, RiskTier>>;
  /** Messages of the run that are in the session. */
  readonly kept: () => number;
  readonly peersTold: number;
  /** Aborted when the run is to end. */
  readonly signal: AbortSignal;
}

interface WaitingRun extends GatedRun {
  readonly said: readonly LlmMessage[];
}

/** Has the calls of one member wait for the gate of the host. */
export class GatedTurns {
  readonly #context: MobContext;
  readonly #runLog: RunLog;
  #aside: AbortController | undefined;
  /** Begun: no wait begins any more. */
  #leaving = false;

  constructor(context: MobContext, runLog: RunLog) {
    this.#context = context;
    this.#runLog = runLog;
  }

  /** Whether a run waits, and can be put aside. */
  get waiting(): boolean {
    return this.#aside !== undefined;
  }

  /** A run that waits, or comes to, is put aside from now on. */
  leave(): void {
    this.#leaving = true;
    this.#aside?.abort();
  }

  /** Undoes `leave`. */
  stay(): void {
    this.#leaving = false;
  }

  gateOf(given: GatedRun): TurnGate {
    return {
      isGated: (tool) => Object.hasOwn(given.tiers, tool),
      decide: (turn, said) => this.#decide({ ...given, said }, turn),
    };
  }

  async #decide(given: WaitingRun, turn: ParkedTurn): Promise<ReadonlyMap<number, ToolVerdict>> {
    const { toolGate } = this.#context;
    const waiting = turn.calls.flatMap(({ name, args }, at) =>
      turn.results[at] ? [] : [{ at, tool: name, args, tier: given.tiers[name] ?? 'r3' }],
    );
    if (!toolGate) {
      const denied = { allowed: false, reason: 'The host has nobody who could allow it' } as const;
      return new Map(waiting.map(({ at }) => [at, denied]));
    }
    const { run, identity, sessionId, signal } = given;
    const { id, interactionId } = run.held.input;
    const { mobId } = this.#context;
    const calls = waiting.map(({ at, ...call }) => {
      const callKey = `${mobId}/${sessionId}/${id}/${turn.turn}.${at}`;
      return { at, call: { callKey, mobId, identity, interactionId, ...call } };
    });
    const callKeys = calls.map(({ call }) => call.callKey);
    // What passes at once need not be kept. Of a requested turn it is for the next process to take its questions back.
    const lasts = waiting.some(({ tier }) => tier === 'r3');
    try {
      if (lasts) await this.#park(given, turn, callKeys);
      const until = this.#aside ? AbortSignal.any([signal, this.#aside.signal]) : signal;
      const asked = calls.map(async ({ at, call }) => [at, await admit(toolGate, call, until)] as const);
      const verdicts = new Map(await Promise.all(asked));
      // The verdicts stay for whoever goes on.
      this.#aside?.signal.throwIfAborted();
      this.#aside = undefined;
      if (lasts && !(await this.#runLog.park(run, undefined, signal))) signal.throwIfAborted();
      await this.settle(callKeys);
      return verdicts;
    } catch (error) {
      // Put aside at the moment the run was to end: it ends.
      if (signal.aborted) await this.settle(callKeys);
      else if (this.#aside?.signal.aborted) throw new PutAside();
      throw error;
    } finally {
      this.#aside = undefined;
    }
  }

  async #park(given: WaitingRun, turn: ParkedTurn, callKeys: readonly string[]): Promise<void> {
    const { run, said, kept, peersTold, signal } = given;
    // Nobody waits for a requested turn once this process is gone: it ends with it.
    const goesOn = run.held.input.kind !== 'internal';
    const aside = goesOn ? (this.#aside = new AbortController()) : undefined;
    const parked = { messages: said.slice(kept()), turn, callKeys, peersTold };
    // Written whole before anybody may put it aside: what is put aside has to be kept.
    if (!(await this.#runLog.park(run, parked, signal))) signal.throwIfAborted();
    run.parked = parked;
    if (this.#leaving) aside?.abort();
    aside?.signal.throwIfAborted();
  }

  /** Takes back what waits at the gate, and verdicts that were read. Never rejects: what is left ends by its deadline. */
  async settle(callKeys: readonly string[]): Promise<void> {
    await settleCalls(this.#context, callKeys);
  }
}

/** As `GatedTurns.settle`, for messages whose runs will not go on. */
export function settleInputs(context: MobContext, inputs: readonly Input[]): Promise<void> {
  return settleCalls(
    context,
    inputs.flatMap(({ parked }) => parked?.callKeys ?? []),
  );
}

async function settleCalls({ toolGate, onError }: MobContext, callKeys: readonly string[]): Promise<void> {
  await Promise.all(
    callKeys.map(async (callKey) => {
      try {
        await toolGate?.settle(callKey);
      } catch (error) {
        const told = `the gate was not told that a call needs it no more: ${errorText(error)}`;
        onError({ category: 'store_failure', error: told });
      }
    }),
  );
}

/** Whoever may not ask may not run. @throws the reason of `signal`. */
async function admit(
  gate: ToolGate,
  call: Parameters<ToolGate['admitCall']>[0],
  signal: AbortSignal,
): Promise<ToolVerdict> {
  try {
    return await gate.admitCall(call, { signal });
  } catch (error) {
    signal.throwIfAborted();
    return { allowed: false, reason: `It could not be asked about: ${codedErrorText(error)}` };
  }
}
