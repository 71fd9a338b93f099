import { checkText, MobError } from '@mobkit/core';
import { identityProblem, type MobEventKind, type Profile, type SpawnMemberSpec } from '@mobkit/core/mob';

import { standardLabels } from '../agent/comms-tools.js';
import { kickoffPrompt } from '../agent/system-prompt.js';
import type { LedgerItem } from '../ledger/ledger-definition.js';
import { autoWiring, type Edge } from '../members/auto-wiring.js';
import type { Input } from '../members/input.js';
import { kickoffItem } from '../members/kickoff-item.js';
import { profileOf } from '../members/profile-of.js';
import { Session } from '../members/session.js';
import type { MobContext } from './mob-context.js';
import type { PlannedRoster } from './roster/planned-roster.js';

/** What a new member begins with. */
export interface SpawnPlan {
  readonly identity: string;
  readonly role: string;
  readonly generation: number;
  readonly items: readonly LedgerItem[];
  readonly session: Session;
  /** Absent for a member that has no first turn. */
  readonly firstInput?: Input;
}

/**
 * Decides what spawning a member writes; changes nothing.
 *
 * @param roster - What it is planned on.
 * @throws as `MobHandle.spawn`.
 */
export function planSpawn(context: MobContext, spec: SpawnMemberSpec, roster: PlannedRoster): SpawnPlan {
  const { definition, mobId, clock, newId } = context;
  const { identity, labels = {}, additionalInstructions = [] } = spec;
  const { role, profile } = admit(context, spec, roster);
  const generation = roster.nextGeneration(identity);
  const runtimeMode = spec.runtimeMode ?? profile.runtime_mode ?? 'autonomous_host';
  const nowMs = clock.now();
  const session = new Session(newId(), {
    mob_id: mobId,
    identity,
    generation,
    labels: standardLabels(mobId, { identity, role, labels }),
    additional_instructions: additionalInstructions,
    messages: 0,
    runs: 0,
    usage: { input_tokens: 0, output_tokens: 0 },
    created_at_ms: nowMs,
  });
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
  const wired = wiredItem(autoWiring(definition, { identity, role }, roster));
  const autonomous = runtimeMode === 'autonomous_host';
  const first = spec.initialMessage ?? (autonomous ? kickoffPrompt(mobId, identity, role) : undefined);
  return {
    identity,
    role,
    generation,
    items: [
      { kind: spawned, sessionId: session.id },
      ...wired,
      ...(autonomous ? [kickoffItem(identity, 'pending', nowMs)] : []),
    ],
    session,
    ...(first !== undefined && {
      firstInput: {
        id: newId(),
        kind: autonomous ? 'kickoff' : 'message',
        generation,
        interactionId: newId(),
        content: first,
        acceptedAtMs: nowMs,
      },
    }),
  };
}

function admit({ definition, maxSessions }: MobContext, spec: SpawnMemberSpec, roster: PlannedRoster) {
  const { identity, profile: role } = spec;
  const problem = typeof identity === 'string' ? identityProblem(identity) : 'An identity is text';
  if (problem !== undefined) throw new TypeError(problem);
  checkLabels(spec.labels);
  checkTexts(spec);
  if (!['autonomous_host', 'turn_driven', undefined].includes(spec.runtimeMode)) {
    throw new TypeError(`"${spec.runtimeMode}" is not a runtime mode: autonomous_host or turn_driven`);
  }
  if (roster.has(identity)) {
    const message = `There is a member "${identity}" already: retire it first, or choose another identity`;
    throw new MobError('MOB_MEMBER_EXISTS', message, { details: { identity } });
  }
  const profile: Profile | undefined = profileOf(definition, role);
  if (!profile) {
    const known = Object.keys(definition.profiles).join(', ');
    const message = `There is no profile "${role}"; there are: ${known}`;
    throw new MobError('MOB_PROFILE_NOT_FOUND', message, { details: { identity, profile: role } });
  }
  if (profile.tools?.comms !== true) {
    const message = `A member needs comms: set \`comms = true\` under [profiles.${role}.tools]`;
    throw new MobError('MOB_WIRING_INVALID', message, { details: { identity, profile: role } });
  }
  if (roster.size >= maxSessions) {
    const message = `Max sessions reached (${maxSessions}): retire a member first, or raise \`maxSessions\``;
    throw new MobError('MOB_SESSION_LIMIT', message, { details: { identity, maxSessions } });
  }
  return { role, profile };
}

function checkLabels(labels: unknown = {}): void {
  const plain = typeof labels === 'object' && labels !== null && !Array.isArray(labels);
  if (!plain) throw new TypeError('labels is not an object of texts');
  for (const [key, value] of Object.entries(labels)) {
    checkText('A key of labels', key);
    checkText(`labels["${key}"]`, value);
  }
}

function checkTexts(spec: Partial<Record<keyof SpawnMemberSpec, unknown>>): void {
  const { initialMessage = '', additionalInstructions = [] } = spec;
  if (typeof initialMessage !== 'string') throw new TypeError('initialMessage is not text');
  if (
    !Array.isArray(additionalInstructions) ||
    additionalInstructions.some((text) => typeof text !== 'string')
  )
    throw new TypeError('additionalInstructions is not a list of texts');
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
