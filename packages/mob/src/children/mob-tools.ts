import { MobError } from '@mobkit/core';
import type { AgentTool, MobDefinition, MobHandle, Profile, ToolContext } from '@mobkit/core/mob';
import { z } from 'zod';

import type { LedgerItem } from '../ledger/ledger-definition.js';
import type { ChildListeners, ChildMobRegistry } from './child-mobs.js';
import type { ChildOwner } from './child-record.js';
import { inheritGates } from './inherit-gates.js';
import { managedTool, type ManagedToolDeps } from './managed-tool.js';

export interface MobToolsDeps {
  readonly definition: MobDefinition;
  readonly children: ChildMobRegistry;
  readonly listeners: ChildListeners;
  /** The mob whose members get the tools. */
  readonly mob: () => MobHandle;
  /** Adds to the ledger of that mob. */
  readonly record: (item: LedgerItem) => Promise<void>;
}

const mobId = z.string().describe('The id of a mob that you made');
const memberId = z.string().describe('The identity of a member');

/**
 * The tools by which agents make mobs and manage those they made. In the mob they are members of they may only spawn. Who may
 * not is told so before anything else is looked at. What they did is in the ledger of their own mob, which outlives the mobs
 * they made.
 */
export function mobTools(deps: MobToolsDeps): readonly AgentTool[] {
  const { definition, children, listeners, mob } = deps;
  const tools: ManagedToolDeps = {
    record: deps.record,
    expectManaged: (id, context) => managed(children, id, context),
  };
  return [
    managedTool(tools, {
      name: 'mob_create',
      description: 'Makes a mob of your own from a definition, and starts it.',
      args: z.strictObject({
        definition: z.looseObject({ id: z.string() }).describe('A mob definition in its JSON form'),
      }),
      changes: true,
      async run({ definition: given }, context) {
        const made = {
          definition: inheritGates(given as unknown as MobDefinition, definition),
          owner: ownerOf(context),
          implicit: false,
        };
        return describe(await children.create(made, listeners));
      },
    }),
    managedTool(tools, {
      name: 'mob_destroy',
      description: 'Destroys a mob that you made, with everything in it.',
      args: z.strictObject({ mob_id: mobId }),
      changes: true,
      async run({ mob_id: id }) {
        await children.destroy(id);
        return { mob_id: id, state: 'Destroyed' };
      },
    }),
    managedTool(tools, {
      name: 'mob_list',
      description: 'Lists the mobs that you made.',
      args: z.strictObject({}),
      run: (_args, context) => Promise.all(ownOf(children, context).map(describe)),
    }),
    managedTool(tools, {
      name: 'mob_list_members',
      description: 'Lists the members of a mob that you made.',
      args: z.strictObject({ mob_id: mobId }),
      run: async ({ mob_id: id }) => expectOpen(children, id).members().map(toPublic),
    }),
    managedTool(tools, {
      name: 'mob_check_member',
      description: 'Says how a member of a mob that you made is.',
      args: z.strictObject({ mob_id: mobId, member_id: memberId }),
      run: async ({ mob_id: id, member_id: identity }) =>
        toPublic(expectMember(expectOpen(children, id), identity)),
    }),
    managedTool(tools, {
      name: 'mob_spawn_member',
      description: 'Spawns a member in a mob that you made, or one of the profiles of your own mob in that.',
      args: z.strictObject({
        mob_id: z.string().describe('The id of a mob that you made, or of your own'),
        profile: z.string(),
        member_id: memberId,
        initial_message: z.string().optional(),
        runtime_mode: z.enum(['autonomous_host', 'turn_driven']).optional(),
        auto_wire_parent: z.boolean().optional().describe('Wires it to you; in your own mob only'),
      }),
      changes: true,
      ownMobToo: true,
      async run(args, context) {
        const own = args.mob_id === context.mobId;
        if (own) expectOwnProfile(definition, args.profile);
        if (!own && args.auto_wire_parent) {
          throw new TypeError('`auto_wire_parent` is for members of your own mob: leave it out');
        }
        const target = own ? mob() : expectOpen(children, args.mob_id);
        const member = await target.spawn({
          identity: args.member_id,
          profile: args.profile,
          ...(args.initial_message !== undefined && { initialMessage: args.initial_message }),
          ...(args.runtime_mode && { runtimeMode: args.runtime_mode }),
          ...(args.auto_wire_parent && { wireTo: context.identity }),
        });
        return toPublic(member);
      },
    }),
    managedTool(tools, {
      name: 'mob_retire_member',
      description: 'Retires a member of a mob that you made.',
      args: z.strictObject({ mob_id: mobId, member_id: memberId }),
      changes: true,
      async run({ mob_id: id, member_id: identity }) {
        await expectOpen(children, id).retire(identity);
        return { mob_id: id, member_id: identity, retired: true };
      },
    }),
    managedTool(tools, {
      name: 'mob_wire',
      description: 'Lets two members of a mob that you made talk to each other.',
      args: z.strictObject({ mob_id: mobId, member: memberId, peer: memberId }),
      changes: true,
      async run({ mob_id: id, member, peer }) {
        await expectOpen(children, id).wire(member, peer);
        return { mob_id: id, member, peer, wired: true };
      },
    }),
    managedTool(tools, {
      name: 'mob_unwire',
      description: 'Lets two members of a mob that you made talk no more.',
      args: z.strictObject({ mob_id: mobId, member: memberId, peer: memberId }),
      changes: true,
      async run({ mob_id: id, member, peer }) {
        await expectOpen(children, id).unwire(member, peer);
        return { mob_id: id, member, peer, wired: false };
      },
    }),
  ];
}

export function ownerOf({ mobId: id, identity, sessionId }: ToolContext): ChildOwner {
  return { mobId: id, identity, sessionId };
}

function managed(children: ChildMobRegistry, id: string, { identity, mobId: own }: ToolContext): boolean {
  const owner = children.get(id)?.record.owner;
  return owner?.mobId === own && owner.identity === identity;
}

function ownOf(children: ChildMobRegistry, { mobId: own, identity }: ToolContext): readonly MobHandle[] {
  return children
    .of(own)
    .filter(({ record }) => record.owner.identity === identity)
    .map(({ mob }) => mob);
}

function expectOpen(children: ChildMobRegistry, id: string): MobHandle {
  const child = children.get(id);
  if (child) return child.mob;
  throw new MobError('MOB_CONFLICT', `Mob "${id}" has just been destroyed`, { details: { mobId: id } });
}

function expectMember(mob: MobHandle, identity: string) {
  const member = mob.member(identity);
  if (member) return member;
  const message = `There is no member "${identity}" in mob "${mob.mobId}"`;
  throw new MobError('MOB_MEMBER_NOT_FOUND', message, { details: { identity } });
}

function expectOwnProfile(definition: MobDefinition, name: string): Profile {
  const profile = Object.hasOwn(definition.profiles, name) && definition.profiles[name];
  if (profile) return profile;
  const known = Object.keys(definition.profiles).join(', ');
  throw new MobError('MOB_PROFILE_NOT_FOUND', `There is no profile "${name}"; there are: ${known}`, {
    details: { profile: name },
  });
}

async function describe(mob: MobHandle) {
  return { mob_id: mob.mobId, state: await mob.status(), members: mob.members().map(toPublic) };
}

function toPublic({
  identity,
  generation,
  role,
  status,
  wiredTo,
  error,
}: ReturnType<MobHandle['members']>[number]) {
  return {
    member_id: identity,
    generation,
    role,
    status,
    wired_to: wiredTo,
    ...(error !== undefined && { error }),
  };
}
