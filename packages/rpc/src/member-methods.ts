import { isRecord, MobError } from '@mobkit/core';
import { type SpawnMemberSpec, textOf } from '@mobkit/core/mob';
import type { z } from 'zod';

import { toRpcError } from './error-answers.js';
import type { Method } from './method.js';
import { spawnModule } from './module-methods.js';
import {
  labelParams,
  memberParams,
  noParams,
  parseParams,
  sendParams,
  spawnManyParams,
  spawnModuleParams,
  spawnParams,
  wireParams,
} from './params.js';
import { toWireMember, toWireMemberDetails } from './wire.js';

const listMembers: Method = async ({ runtime }, params) => {
  parseParams(noParams, params);
  return runtime.roster.list().map(toWireMember);
};

const getMember: Method = async ({ runtime }, params) => {
  const identity = memberIn(parseParams(memberParams, params));
  const member = runtime.roster.get(identity);
  if (member) return toWireMember(member);
  throw notFound(identity);
};

const spawnMember: Method = async ({ runtime }, params) => {
  if (isRecord(params) && typeof params['module_id'] === 'string') {
    return spawnModule(runtime, parseParams(spawnModuleParams, params).module_id);
  }
  const member = await runtime.roster.spawn(specIn(params));
  return { accepted: true, agent_identity: member.identity, role: member.role };
};

const ensureMember: Method = async ({ runtime }, params) =>
  toWireMember(await runtime.roster.ensure(specIn(params)));

const ensureByLabel: Method = async ({ runtime }, params) => {
  const { label_key: label, label_value: value, ...spec } = isRecord(params) ? params : {};
  const given = parseParams(labelParams, { label_key: label, label_value: value });
  return toWireMember(await runtime.roster.ensureByLabel(given.label_key, given.label_value, specIn(spec)));
};

const findMembers: Method = async ({ runtime }, params) => {
  const { label_key: label, label_value: value } = parseParams(labelParams, params);
  return runtime.roster.find(label, value).map(toWireMember);
};

const spawnMembers: Method = async ({ runtime }, params) => {
  const { members } = parseParams(spawnManyParams, params);
  const outcomes = await runtime.roster.spawnMany(members.map(specIn));
  return {
    accepted: true,
    members: outcomes.map((outcome) =>
      'member' in outcome
        ? { agent_identity: outcome.identity, member: toWireMember(outcome.member) }
        : { agent_identity: outcome.identity, error: toRpcError(outcome.error) },
    ),
  };
};

const respawnMember: Method = async ({ runtime }, params) => {
  const identity = memberIn(parseParams(memberParams, params));
  return { accepted: true, ...toWireMember(await runtime.roster.respawn(identity)) };
};

const resetMember: Method = async ({ runtime }, params) => {
  const identity = memberIn(parseParams(memberParams, params));
  return { accepted: true, ...toWireMember(await runtime.roster.reset(identity)) };
};

const cancelTurn: Method = async ({ runtime }, params) => {
  await runtime.roster.cancel(memberIn(parseParams(memberParams, params)));
  return { accepted: true };
};

const memberStatus: Method = async ({ runtime }, params) => {
  const identity = memberIn(parseParams(memberParams, params));
  const details = await runtime.mob.memberDetails(identity);
  if (details) return toWireMemberDetails(details);
  throw notFound(identity);
};

const retireMember: Method = async ({ runtime }, params) => {
  const identity = memberIn(parseParams(memberParams, params));
  await runtime.roster.retire(identity);
  return { accepted: true, member_id: identity };
};

const sendMessage: Method = async ({ runtime }, params) => {
  const given = parseParams(sendParams, params);
  const identity = memberIn(given);
  // `content` is the newer name, and wins.
  const content = given.content ?? given.message;
  if (content === undefined) throw invalid('message', 'message or content is required');
  const onlyText = typeof content === 'string' || content.every(({ type }) => type === 'text');
  const receipt = await runtime.sendMessage(identity, onlyText ? textOf(content) : content, {
    interactionId: `mobkit-send-${crypto.randomUUID()}`,
    ...(given.handling_mode && { handlingMode: given.handling_mode }),
  });
  return {
    accepted: true,
    member_id: receipt.identity,
    session_id: receipt.sessionId,
    interaction_id: receipt.interactionId,
    handling_mode: receipt.handlingMode,
  };
};

const wireMembers: Method = async ({ runtime }, params) => {
  const { a, b } = parseParams(wireParams, params);
  await runtime.roster.wire(a, b);
  return { accepted: true, a, b };
};

const unwireMembers: Method = async ({ runtime }, params) => {
  const { a, b } = parseParams(wireParams, params);
  await runtime.roster.unwire(a, b);
  return { accepted: true, a, b };
};

export const memberMethods = {
  'mobkit/list_members': listMembers,
  'mobkit/get_member': getMember,
  'mobkit/spawn_member': spawnMember,
  'mobkit/spawn_members': spawnMembers,
  'mobkit/ensure_member': ensureMember,
  'mobkit/ensure_member_by_label': ensureByLabel,
  'mobkit/find_members': findMembers,
  'mobkit/retire_member': retireMember,
  'mobkit/respawn_member': respawnMember,
  'mobkit/reset_member': resetMember,
  'mobkit/force_cancel_member': cancelTurn,
  'mobkit/member_status': memberStatus,
  'mobkit/send_message': sendMessage,
  'mobkit/wire_members': wireMembers,
  'mobkit/unwire_members': unwireMembers,
};

function specIn(params: unknown): SpawnMemberSpec {
  const given = parseParams(spawnParams, params);
  if (given.module_id !== undefined) {
    throw invalid(
      'module_id',
      'module_id is taken by mobkit/spawn_member alone: send role and agent_identity',
    );
  }
  const profile = given.role ?? given.profile;
  const identity = given.agent_identity ?? given.meerkat_id;
  if (profile === undefined || identity === undefined) {
    // Up to the colon as clients know it.
    throw invalid('role', 'module_id or (profile + meerkat_id) required: send role and agent_identity');
  }
  const { resume_session_id: sessionId } = given;
  return {
    profile,
    identity,
    ...(given.initial_message !== undefined && { initialMessage: given.initial_message }),
    ...(given.labels && { labels: given.labels }),
    ...(given.additional_instructions && { additionalInstructions: given.additional_instructions }),
    ...(given.runtime_mode && { runtimeMode: given.runtime_mode }),
    ...(given.context !== undefined && { context: given.context }),
    ...(sessionId !== undefined && { launch: { mode: 'resume', sessionId } }),
  };
}

function notFound(identity: string): MobError {
  const message = `No member is named "${identity}": mobkit/list_members names them`;
  return new MobError('MOB_MEMBER_NOT_FOUND', message, { details: { memberId: identity } });
}

function memberIn(given: z.output<typeof memberParams>): string {
  const identity = given.member_id ?? given.agent_identity ?? given.meerkat_id;
  if (identity === undefined) throw invalid('member_id', 'member_id is required');
  return identity;
}

function invalid(field: string, message: string): MobError {
  return new MobError('MOB_REQUEST_INVALID', message, { details: { field } });
}
