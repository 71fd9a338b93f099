import { MobError } from '@mobkit/core';
import type { WaitOptions } from '@mobkit/core/mob';

import type { RosterMember } from '../../ledger/roster.js';
import type { Crew } from './crew.js';

const KICKOFF_TIMEOUT_MS = 600_000;
const READY_TIMEOUT_MS = 60_000;

type WaitingCrew = Pick<Crew, 'context' | 'members' | 'states'>;

/** @throws as `MobRoster.waitForKickoff`. */
export function waitForKickoff(crew: WaitingCrew, options: WaitOptions): Promise<void> {
  return waitFor(crew, options, {
    timeoutMs: KICKOFF_TIMEOUT_MS,
    code: 'MOB_KICKOFF_TIMEOUT',
    what: 'the first turns',
    waits: ({ kickoff }) => kickoff === 'pending' || kickoff === 'starting',
  });
}

/** @throws as `MobRoster.waitForReady`. */
export function waitForReady(crew: WaitingCrew, options: WaitOptions): Promise<void> {
  return waitFor(crew, options, {
    timeoutMs: READY_TIMEOUT_MS,
    code: 'MOB_READY_TIMEOUT',
    what: 'members to be ready',
    waits: ({ runtimeMode }) => runtimeMode === 'autonomous_host' && !crew.states.mayWork,
  });
}

interface Condition {
  readonly timeoutMs: number;
  readonly code: 'MOB_KICKOFF_TIMEOUT' | 'MOB_READY_TIMEOUT';
  readonly what: string;
  /** Whether a member that is there and not broken is still to be waited for. */
  waits(entry: RosterMember): boolean;
}

function waitFor(crew: WaitingCrew, { timeoutMs, signal }: WaitOptions, condition: Condition): Promise<void> {
  const { context, members, states } = crew;
  const { ledger, clock, changes, mobId } = context;
  const { what, code } = condition;
  const limitMs = timeoutMs ?? condition.timeoutMs;
  const waits = ({ identity, fenceToken }: RosterMember): boolean => {
    const entry = ledger.roster.members.get(identity);
    const there = entry?.fenceToken === fenceToken && members.get(identity)?.status !== 'broken';
    return there && condition.waits(entry);
  };
  // Those of now: whoever is spawned later is not waited for.
  const pending = [...ledger.roster.members.values()].filter(waits);
  return new Promise((resolve, reject) => {
    // Whoever is at the end holds the others up: with each change only that one is looked at.
    const over = () => {
      while (pending.length > 0 && !waits(pending.at(-1)!)) pending.pop();
      return pending.length === 0;
    };
    const stop: (() => void)[] = [];
    const end = (settle: () => void) => {
      for (const one of stop) one();
      settle();
    };
    const abort = () => end(() => reject(signal?.reason as Error));
    const look = () => {
      if (over()) end(resolve);
      else if (states.closed) {
        const message = `Mob "${mobId}" was closed while ${what} were waited for`;
        end(() => reject(new MobError('MOB_SHUTTING_DOWN', message)));
      }
    };
    const expire = () => {
      const late = pending
        .filter(waits)
        .map(({ identity }) => identity)
        .toSorted();
      const message = `Waited ${limitMs} ms for ${what}; still to come: ${late.join(', ')}`;
      end(() => reject(new MobError(code, message, { retryable: true, details: { pending: late } })));
    };
    stop.push(changes.listen(look), clock.after(limitMs, expire));
    stop.push(() => signal?.removeEventListener('abort', abort));
    signal?.addEventListener('abort', abort);
    if (signal?.aborted) abort();
    else look();
  });
}
