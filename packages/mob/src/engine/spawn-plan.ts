import { type AppendWrite, MobError } from '@mobkit/core';
import type { AgentTool, MobEventKind, Profile, SpawnMemberSpec } from '@mobkit/core/mob';

import { kickoffPrompt } from '../agent/system-prompt.js';
import type { LedgerItem } from '../ledger/ledger-definition.js';
import { autoWiring, type Edge } from '../members/auto-wiring.js';
import { effectiveProfile } from '../members/effective-profile.js';
import type { Input } from '../members/input.js';
import { kickoffItem } from '../members/kickoff-item.js';
import { settingsOf } from '../members/member-settings.js';
import { newSession, openingAppend, resumedSession } from '../members/new-session.js';
import type { Session } from '../members/session.js';
import type { MobContext } from './mob-context.js';
import type { Launch } from './roster/launch.js';
import type { PlannedRoster } from './roster/planned-roster.js';

/** What a new member begins with. */
export interface SpawnPlan {
  readonly identity: string;
  readonly role: string;
  readonly generation: number;
  readonly items: readonly LedgerItem[];
  readonly session: Session;
  /** What its session begins with, to be kept too. */
  readonly opening?: AppendWrite;
  /** Absent for a member that has no first turn. */
  readonly firstInput?: Input;
  readonly tools?: readonly AgentTool[];
}

export interface SpawnPlanOptions {
  readonly launch: Launch;
  /** Whom it is wired to beside what the definition says, broken or not. */
  readonly wiredTo?: Iterable<string>;
}

/**
 * Decides what spawning a member writes; changes nothing.
 *
 * @param roster - What it is planned on.
 * @throws as `MobHandle.spawn`.
 */
export function planSpawn(
  context: MobContext,
  spec: SpawnMemberSpec,
  roster: PlannedRoster,
  { launch, wiredTo = [] }: SpawnPlanOptions,
): SpawnPlan {
  const { definition, mobId, clock, newId } = context;
  const { identity, profile: role, labels = {} } = spec;
  const profile = admit(context, spec, roster);
  const generation = roster.nextGeneration(identity);
  const runtimeMode = spec.runtimeMode ?? profile.runtime_mode ?? 'autonomous_host';
  const nowMs = clock.now();
  const session = begin(context, spec, generation, launch);
  const spawned: MobEventKind = {
    type: 'member_spawned',
    agent_identity: identity,
    generation,
    fence_token: roster.nextFence,
    agent_runtime_id: { identity, generation },
    role,
    runtime_mode: runtimeMode,
    ...(Object.keys(labels).length > 0 && { labels }),
  };
  const wireTo = [...wiredTo, ...(spec.wireTo === undefined ? [] : [spec.wireTo])];
  const wired = wiredItem(autoWiring(definition, { identity, role, wireTo }, roster));
  const fresh = !launch.resumed;
  const kickoff = fresh && runtimeMode === 'autonomous_host';
  const first = spec.initialMessage ?? (kickoff ? kickoffPrompt(mobId, identity, role) : undefined);
  const opening = fresh && openingAppend(session, nowMs);
  return {
    identity,
    role,
    generation,
    items: [
      { kind: spawned, sessionId: session.id },
      ...wired,
      ...(kickoff ? [kickoffItem(identity, 'pending', nowMs)] : []),
    ],
    session,
    ...(opening && { opening }),
    ...(first !== undefined && {
      firstInput: {
        id: newId(),
        kind: kickoff ? 'kickoff' : 'message',
        generation,
        interactionId: newId(),
        content: first,
        acceptedAtMs: nowMs,
      },
    }),
    ...(spec.tools && { tools: spec.tools }),
  };
}

function begin(
  context: MobContext,
  spec: SpawnMemberSpec,
  generation: number,
  { resumed, opening }: Launch,
): Session {
  const { identity, profile: role, labels = {}, additionalInstructions } = spec;
  const given = {
    identity,
    generation,
    role,
    labels,
    ...(additionalInstructions && { additionalInstructions }),
    settings: settingsOf(spec),
  };
  return resumed ? resumedSession(context, resumed, given) : newSession(context, given, opening);
}

function admit(context: MobContext, spec: SpawnMemberSpec, roster: PlannedRoster): Profile {
  const { definition, maxSessions } = context;
  const { identity, profile: role, wireTo } = spec;
  if (roster.has(identity)) {
    const message = `There is a member "${identity}" already: retire it first, or choose another identity`;
    throw new MobError('MOB_MEMBER_EXISTS', message, { details: { identity } });
  }
  if (roster.isOutside(identity)) {
    const message = `"${identity}" is the name of a peer outside of the mob: unwire that first, or choose another identity`;
    throw new MobError('MOB_WIRING_INVALID', message, { details: { identity } });
  }
  const profile = effectiveProfile(definition, role, settingsOf(spec));
  if (!profile) {
    const known = Object.keys(definition.profiles).join(', ');
    const message = `There is no profile "${role}"; there are: ${known}`;
    throw new MobError('MOB_PROFILE_NOT_FOUND', message, { details: { identity, profile: role } });
  }
  if (profile.tools?.comms !== true) {
    const message = `A member needs comms: set \`comms = true\` under [profiles.${role}.tools]`;
    throw new MobError('MOB_WIRING_INVALID', message, { details: { identity, profile: role } });
  }
  if (wireTo !== undefined) expectPeer(wireTo, spec, roster);
  if (roster.size >= maxSessions) {
    const message = `Max sessions reached (${maxSessions}): retire a member first, or raise \`maxSessions\``;
    throw new MobError('MOB_SESSION_LIMIT', message, { details: { identity, maxSessions } });
  }
  return profile;
}

function expectPeer(peer: string, { identity }: SpawnMemberSpec, roster: PlannedRoster): void {
  const cannot = (why: string) => `"${identity}" cannot be wired to "${peer}": ${why}`;
  const details = { identity, peer };
  if (peer === identity) throw new MobError('MOB_WIRING_INVALID', cannot('that is itself'), { details });
  if (!roster.has(peer))
    throw new MobError('MOB_MEMBER_NOT_FOUND', cannot('there is no such member'), { details });
  if (roster.isBroken(peer)) throw new MobError('MOB_MEMBER_BROKEN', cannot('it is broken'), { details });
}

/** One event, however many wires there are. */
function wiredItem(edges: readonly Edge[]): readonly LedgerItem[] {
  const [first] = edges;
  if (!first) return [];
  return [
    {
      kind: edges.length === 1 ? { type: 'members_wired', ...first } : { type: 'members_wired_batch', edges },
    },
  ];
}
