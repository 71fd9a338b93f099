import { within } from '@mobkit/core';
import type { MobShutdownReport } from '@mobkit/core/mob';

import type { Flows } from '../flows/flows.js';
import type { Member } from '../members/member.js';
import type { MobContext } from './mob-context.js';
import type { SerialQueue } from './serial-queue.js';

/** For the storage to take the ends of interrupted runs. */
const GRACE_MS = 5_000;

export interface ShutDownDeps {
  readonly context: MobContext;
  /** Everybody who is there at this moment. */
  readonly members: () => readonly Member[];
  readonly commands: SerialQueue;
  readonly flows: Flows;
  readonly deadlineMs: number;
}

/** Ends the work of a mob that takes no commands any more. Never rejects. */
export async function shutDown(deps: ShutDownDeps): Promise<MobShutdownReport> {
  const { clock, guard } = deps.context;
  const { flows } = deps;
  flows.close('the mob was shut down');
  // Those whom a stop cut off: that was told then.
  const cutBefore = new Set(deps.members().filter(({ interrupted }) => interrupted));
  const drained = drain(deps).then(
    () => true,
    () => true,
  );
  if (deps.deadlineMs > 0) await within(clock, deps.deadlineMs, drained);
  const members = deps.members();
  for (const member of members) void member.interrupt('The mob was shut down');
  // The turns of flows have ended by now, or are not going to begin.
  const flowsEnded = drained.then(() => flows.cut());
  const settled = () => Promise.all(members.map(({ inbox }) => inbox.settled()));
  const ended = await within(clock, GRACE_MS, flowsEnded.then(settled));
  flows.giveUp();
  for (const { inbox } of members) inbox.close();
  const late = `The storage had not taken everything ${GRACE_MS} ms after the deadline`;
  const failures = members.flatMap(({ entry, failure }) =>
    failure ? [`"${entry.identity}": ${failure}`] : [],
  );
  const interrupted = members
    .filter((member) => member.interrupted && !cutBefore.has(member))
    .map(({ entry }) => entry.identity);
  return {
    interrupted: interrupted.toSorted(),
    errors: [...(ended ? [] : [late]), ...failures, ...guard.complaints],
  };
}

/** Resolves when no command and no run is under way; begins no other. */
async function drain({ members, commands }: ShutDownDeps): Promise<void> {
  const drainAll = () => Promise.all(members().map((member) => member.drain()));
  await Promise.all([drainAll(), commands.settled()]);
  // Those that were spawned meanwhile.
  await drainAll();
}
