import type { Storage } from '@mobkit/core';
import type { AgentEventEnvelope, MobEvent } from '@mobkit/core/mob';
import { readRoster } from '@mobkit/mob';
import type { ShutdownReport, UnifiedRuntime } from '@mobkit/runtime';

import type { Accepted } from './traffic.js';

/** Every entry of the ledger that is kept. */
export async function wholeLedger(runtime: UnifiedRuntime): Promise<readonly MobEvent[]> {
  const events: MobEvent[] = [];
  for (let afterCursor = 0, more = true; more;) {
    const page = await runtime.mob.events.query({ afterCursor });
    events.push(...page.events);
    ({ scannedTo: afterCursor, more } = page);
  }
  return events;
}

export function checkCursors(ledger: readonly MobEvent[]): readonly string[] {
  const wrong = ledger.find(({ cursor }, at) => cursor !== at + 1);
  return wrong ? [`the ledger has a hole before ${wrong.cursor}`] : [];
}

/** The roster is what the ledger says, read anew by somebody else. */
export async function checkRoster(runtime: UnifiedRuntime, kept: Storage): Promise<readonly string[]> {
  const shape = (members: ReturnType<UnifiedRuntime['mob']['members']>) =>
    JSON.stringify(members.map(({ identity, generation, wiredTo }) => [identity, generation, wiredTo]));
  const folded = shape(await readRoster(kept, { mobId: runtime.mob.mobId }));
  const shown = shape(runtime.mob.members());
  return folded === shown ? [] : [`the roster is ${shown}, and the ledger says ${folded}`];
}

/** At most one end of a run for every message; exactly one when nothing could have kept it from its end. */
export function checkRuns(
  accepted: readonly Accepted[],
  events: readonly AgentEventEnvelope[],
  mayBeLost: (message: Accepted) => boolean,
): readonly string[] {
  const ends = new Map<string, number>();
  for (const { interactionId, payload } of events) {
    if (interactionId === undefined) continue;
    if (payload.type !== 'run_completed' && payload.type !== 'run_failed') continue;
    ends.set(interactionId, (ends.get(interactionId) ?? 0) + 1);
  }
  return accepted.flatMap((message) => {
    const count = ends.get(message.interactionId) ?? 0;
    if (count > 1) return [`the run of message ${message.interactionId} ended ${count} times`];
    if (count > 0 || mayBeLost(message)) return [];
    return [`message ${message.interactionId} to ${message.identity} was accepted and never worked on`];
  });
}

export function checkReport({ ingest }: ShutdownReport): readonly string[] {
  if (!ingest) return ['the shutdown report says nothing of the events'];
  const { accepted, recovered, persisted, duplicate, filtered, spilled, buffered, dropped } = ingest;
  const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
  const left = persisted + duplicate + filtered + spilled + buffered + lost;
  return accepted + recovered === left ? [] : [`events do not add up: ${JSON.stringify(ingest)}`];
}
