import type { MobDefinition, Profile } from '@mobkit/core/mob';

import type { RosterMember } from '../ledger/roster.js';

/** What a member is told before everything else: its skills, who it is, and what was added for it, each as a section. */
export function systemPrompt(
  definition: MobDefinition,
  { identity, role }: RosterMember,
  profile: Profile | undefined,
  additionalInstructions: readonly string[],
): string {
  const skills = (profile?.skills ?? []).flatMap((name) => {
    const skill = definition.skills?.[name];
    return skill?.source === 'inline' ? [skill.content.trim()] : [];
  });
  const self =
    `You are ${identity}, ${role} in mob ${definition.id}. Other members are your peers: \`peers\` lists those you ` +
    'may talk to, and `send_message` sends one of them a message. A peer does not see your answers, only the ' +
    'messages you send to it.';
  return [...skills, self, ...additionalInstructions].join('\n\n');
}

/** The first message of an autonomous member that was given none. */
export function kickoffPrompt(mobId: string, identity: string, role: string): string {
  return `You are ${identity}, ${role} in mob ${mobId}. You have just been started.`;
}
