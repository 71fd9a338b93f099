import type { SeededRandom } from '@mobkit/contract-kit';
import { isMobError } from '@mobkit/core';
import type { UnifiedRuntime } from '@mobkit/runtime';

import type { Trace } from './trace.js';
import { IDENTITIES } from './world.js';

/** What was asked of a runtime and accepted. */
export interface Accepted {
  readonly identity: string;
  readonly interactionId: string;
}

export interface TrafficDeps {
  readonly runtime: UnifiedRuntime;
  readonly random: SeededRandom;
  readonly trace: Trace;
  /** Gets every message that was accepted. */
  readonly accepted: Accepted[];
  readonly violations: string[];
}

/** Asks one thing of a runtime, and does not wait for it. */
export function ask({ runtime, random, trace, accepted, violations }: TrafficDeps): Promise<void> {
  const identity = random.pick(IDENTITIES);
  const other = random.pick(IDENTITIES);
  const { mob } = runtime;
  const work: readonly [string, () => Promise<unknown>][] = [
    ['spawn', spawn],
    ['spawn', spawn],
    ['spawn', spawn],
    ['retire', () => runtime.roster.retire(identity)],
    ['respawn', () => mob.respawn(identity)],
    ['wire', () => mob.wire(identity, other)],
    ['wire', () => mob.wire(identity, other)],
    ['unwire', () => mob.unwire(identity, other)],
    ['cancel', () => mob.cancelTurn(identity)],
    ['reconcile', () => runtime.shape.reconcile()],
    ['edges', () => runtime.shape.reconcileEdges()],
    ['plan', () => runtime.shape.plan()],
    ['query', () => runtime.queryMobEvents({ limit: 5 })],
    ['send', send],
    ['send', send],
    ['send', send],
    ['send', send],
  ];
  function spawn() {
    return runtime.roster.spawn({ identity, profile: 'worker' });
  }
  async function send(): Promise<void> {
    const { interactionId } = await runtime.sendMessage(identity, 'do something');
    accepted.push({ identity, interactionId });
  }
  const [name, call] = random.pick(work);
  trace.add(`ask ${name} ${identity} ${other}`);
  return call().then(
    () => trace.add(`done ${name} ${identity}`),
    (error: unknown) => {
      if (!isMobError(error))
        violations.push(`${name} failed with an error that has no code: ${String(error)}`);
      trace.add(`failed ${name} ${identity} ${isMobError(error) ? error.code : ''}`);
    },
  );
}
