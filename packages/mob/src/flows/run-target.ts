import { type Clock, errorText, isMobError } from '@mobkit/core';
import type { Content, FlowStep, Incarnation } from '@mobkit/core/mob';

import type { RunEnd } from '../agent/run-agent.js';
import type { Member } from '../members/member.js';
import type { RequestedTurn, TurnRequest } from '../members/requested-turn.js';
import type { OrphanShare } from './orphan-budget.js';
import { parseAnswer } from './parse-answer.js';
import type { RunHistory } from './run-history.js';
import { StepCut } from './step-failure.js';

const DEFAULT_TIMEOUT_MS = 30_000;

export interface TargetDeps {
  readonly clock: Clock;
  readonly history: RunHistory;
  readonly orphans: OrphanShare;
  /** The member of that identity, as it is now. */
  readonly find: (identity: string) => Member | undefined;
  /** Attempts after the first. */
  readonly retries: number;
  /** Its turns, and the peer messages they cause, belong to this. */
  readonly interactionId: string;
  /** Aborted when the run is to end: turns under way are cancelled and waited for. */
  readonly ending: AbortSignal;
  /** Aborted when nobody waits any longer. */
  readonly cut: AbortSignal;
  /** Whether new attempts may begin. */
  readonly mayBegin: () => boolean;
}

export interface TargetRequest {
  readonly stepId: string;
  readonly step: FlowStep;
  readonly identity: string;
  readonly content: Content;
  /** Aborted when the step has what it needs without this one. */
  readonly unneeded: AbortSignal;
}

/** What asking one member came to. */
export type TargetResult =
  | { readonly type: 'answered'; readonly identity: string; readonly value: unknown }
  | { readonly type: 'failed'; readonly identity: string; readonly reason: string };

/**
 * Asks one member, again when a turn fails or its answer cannot be used. Never again after a timeout: the turn may still act.
 *
 * @throws StepCut when the run or the step ended first; RunFault, and why the run cannot be kept.
 */
export async function runTarget(deps: TargetDeps, request: TargetRequest): Promise<TargetResult> {
  const { identity } = request;
  for (let attempt = 0; ; attempt += 1) {
    if (request.unneeded.aborted || !deps.mayBegin()) throw new StepCut();
    const result = await attemptOnce(deps, request);
    if (result.type === 'answered') return { ...result, identity };
    if (!result.again || attempt >= deps.retries) return { type: 'failed', identity, reason: result.reason };
  }
}

type Attempt =
  | { readonly type: 'answered'; readonly value: unknown }
  | { readonly type: 'failed'; readonly reason: string; readonly again: boolean };

async function attemptOnce(deps: TargetDeps, request: TargetRequest): Promise<Attempt> {
  const { history, find } = deps;
  const { stepId, step, identity } = request;
  const member = find(identity);
  if (!member) return { type: 'failed', reason: `"${identity}" is not a member any more`, again: false };
  const target: Incarnation = { identity, generation: member.entry.generation };
  const row = await history.dispatched(stepId, target);
  const fail = async (reason: string, again: boolean, errorClass?: string): Promise<Attempt> => {
    await history.targetFailed(row, target, reason, errorClass);
    return { type: 'failed', reason: `${identity}: ${reason}`, again };
  };
  const end = isCut(deps, request) ? cutShort(request) : await askMember(deps, request, member);
  // Also when the turn ended at the same moment: whoever ended the step has not counted it.
  if (request.unneeded.aborted && end.type !== 'cut') {
    history.targetCanceled(row, cutShort(request).reason);
    throw new StepCut();
  }
  switch (end.type) {
    case 'refused':
      return fail(end.reason, true);
    case 'timeout':
      return fail(end.reason, false);
    case 'cut':
      history.targetCanceled(row, end.reason);
      throw new StepCut();
    case 'run_failed':
      return fail(end.error, true, end.error_class);
    case 'run_completed': {
      const answer = parseAnswer(step, end);
      if (answer.type === 'unusable') return fail(answer.reason, true);
      await history.targetCompleted(row, target, answer.value, answer.size);
      return { type: 'answered', value: answer.value };
    }
  }
}

type AskEnd =
  | RunEnd
  | { readonly type: 'refused' | 'timeout'; readonly reason: string }
  | { readonly type: 'cut'; readonly reason: string };

function isCut({ ending, cut }: TargetDeps, { unneeded }: TargetRequest): boolean {
  return ending.aborted || cut.aborted || unneeded.aborted;
}

function cutShort({ unneeded }: TargetRequest): AskEnd & { readonly type: 'cut' } {
  return { type: 'cut', reason: unneeded.aborted ? 'the step was over without it' : 'the run ended' };
}

async function askMember(deps: TargetDeps, request: TargetRequest, member: Member): Promise<AskEnd> {
  let turn: RequestedTurn;
  try {
    turn = await member.requestTurn(toTurn(deps, request));
  } catch (error) {
    if (isMobError(error, 'MOB_CONFLICT')) throw error;
    return { type: 'refused', reason: errorText(error) };
  }
  return waitFor(deps, request, turn);
}

function toTurn({ interactionId }: TargetDeps, { content, step }: TargetRequest): TurnRequest {
  const { allowed_tools: allowed, blocked_tools: blocked } = step;
  return {
    content,
    interactionId,
    ...((allowed ?? blocked) && { tools: { ...(allowed && { allowed }), ...(blocked && { blocked }) } }),
  };
}

/** Resolves with the first of: the turn's end, its timeout, and nobody waiting for it any more. */
function waitFor(deps: TargetDeps, request: TargetRequest, turn: RequestedTurn): Promise<AskEnd> {
  const { clock, orphans, ending, cut } = deps;
  const timeoutMs = request.step.timeout_ms ?? DEFAULT_TIMEOUT_MS;
  return new Promise((resolve) => {
    const done = (end: AskEnd) => {
      stopTimer();
      ending.removeEventListener('abort', onEnding);
      for (const signal of [cut, request.unneeded]) signal.removeEventListener('abort', onCut);
      resolve(end);
    };
    const stopTimer = clock.after(timeoutMs, () => {
      const giveBack = orphans.take();
      if (giveBack) void turn.ended.then(giveBack);
      else turn.cancel('The step of the flow took too long');
      done({ type: 'timeout', reason: `timeout ${giveBack ? '' : '+ canceled '}after ${timeoutMs}ms` });
    });
    const onEnding = () => {
      stopTimer();
      turn.cancel('The run of the flow ends');
    };
    const onCut = () => {
      turn.cancel('The flow does not need it any more');
      done(cutShort(request));
    };
    ending.addEventListener('abort', onEnding);
    for (const signal of [cut, request.unneeded]) signal.addEventListener('abort', onCut);
    const onEnd = (end: RunEnd) => {
      const cancelled = ending.aborted && end.type === 'run_failed';
      done(cancelled ? { type: 'cut', reason: end.error } : end);
    };
    void turn.ended.then(onEnd);
    if (ending.aborted) onEnding();
    if (cut.aborted || request.unneeded.aborted) onCut();
  });
}
