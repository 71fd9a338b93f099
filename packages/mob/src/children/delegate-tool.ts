import { createHash } from 'node:crypto';

import { MobError } from '@mobkit/core';
import type { AgentTool, ExternalPeer, MobDefinition, MobHandle, ToolContext } from '@mobkit/core/mob';
import { z } from 'zod';

import { formatPeerAddress } from '../engine/comms/peer-address.js';
import { SerialQueue } from '../engine/serial-queue.js';
import { managedTool } from './managed-tool.js';
import { type MobToolsDeps, ownerOf } from './mob-tools.js';

const ROLE = 'delegate';

export interface DelegateToolDeps extends MobToolsDeps {
  /** The model of the member that calls, which its helpers have too. */
  readonly modelOf: (identity: string) => string;
}

/**
 * The tool by which an agent gives a task away: to a helper in a mob that is made for its session when it first needs one, and
 * ends with that. Helper and agent are wired to each other, so that the helper can report.
 */
export function delegateTool(deps: DelegateToolDeps): AgentTool {
  // One after the other: two calls of one turn must not both make the mob, or give two helpers one name.
  const calls = new SerialQueue();
  return managedTool(
    { record: deps.record, expectManaged: () => false },
    {
      name: 'delegate',
      description:
        'Gives a task to a helper of yours, who works on it while you go on and sends you what comes of it as a message.',
      args: z.strictObject({
        task: z.string().min(1).describe('What to do, with everything it needs to know'),
      }),
      changes: true,
      run: ({ task }, context) => calls.run(() => delegate(deps, task, context)),
    },
  );
}

/** The id of the mob of a session's helpers. */
function delegationMobId(sessionId: string): string {
  return `implicit-${sessionId}`;
}

async function delegate(deps: DelegateToolDeps, task: string, context: ToolContext) {
  const caller = deps.mob().member(context.identity);
  if (!caller) {
    const message = `"${context.identity}" is not a member any more`;
    throw new MobError('MOB_MEMBER_NOT_FOUND', message, { details: { identity: context.identity } });
  }
  const mob = await helpersOf(deps, context);
  const name = nextName(mob, deps.mob());
  const self = peer(
    context.identity,
    formatPeerAddress({ mobId: context.mobId, role: caller.role, identity: caller.identity }),
  );
  await mob.spawn({ identity: name, profile: ROLE, runtimeMode: 'turn_driven' });
  await mob.wireExternal(name, self);
  const address = formatPeerAddress({ mobId: mob.mobId, role: ROLE, identity: name });
  await deps.mob().wireExternal(context.identity, peer(name, address));
  const asked = `${task}\n\nWhen you are done, send what came of it to "${context.identity}" with \`send_message\`.`;
  await mob.send(name, asked, {
    from: context.identity,
    internal: true,
    ...(context.interactionId !== undefined && { interactionId: context.interactionId }),
  });
  return { status: 'delegated', mob_id: mob.mobId, peer_id: name };
}

async function helpersOf(deps: DelegateToolDeps, context: ToolContext): Promise<MobHandle> {
  const id = delegationMobId(context.sessionId);
  const open = deps.children.get(id);
  if (open) return open.mob;
  const definition: MobDefinition = {
    id,
    profiles: { [ROLE]: { model: deps.modelOf(context.identity), tools: { comms: true } } },
  };
  return deps.children.create({ definition, owner: ownerOf(context), implicit: true }, deps.listeners);
}

/** One that nobody has on either side, so that each knows the other by it. */
function nextName(mob: MobHandle, own: MobHandle): string {
  for (let n = 1; ; n += 1) {
    const name = `${ROLE}-${n}`;
    if (!mob.member(name) && !own.member(name)) return name;
  }
}

/** Within one process nobody signs: the digest of the address stands where a key of its own would. */
function peer(name: string, address: string): ExternalPeer {
  return { peerId: name, name, address, pubkey: [...createHash('sha256').update(address).digest()] };
}
