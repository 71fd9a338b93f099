import type { AgentDiscoverySpec } from '../discovery.js';
import type { SpawnMemberSpec } from './member.js';

/**
 * What to spawn for an agent that should exist. Instructions become a part of its system prompt and never a first message; an
 * empty list is none. A `resumeSessionId` becomes a launch that resumes it: the engine refuses a session it does not have
 * with `MOB_SESSION_UNUSABLE`, so that nobody gets an empty one unnoticed.
 */
export function spawnSpecOf(spec: AgentDiscoverySpec): SpawnMemberSpec {
  const { identity, profile, labels, context, additionalInstructions = [], resumeSessionId } = spec;
  return {
    identity,
    profile,
    ...(labels && { labels }),
    ...(context !== undefined && { context }),
    ...(additionalInstructions.length > 0 && { additionalInstructions }),
    ...(resumeSessionId !== undefined && { launch: { mode: 'resume', sessionId: resumeSessionId } }),
  };
}
