import { RESERVED_PREFIX } from '@mobkit/core/mob';
import type { CheckedDefinition } from './definition-schema.js';
import { error, type Finding } from './finding.js';

export function checkProfiles({ profiles, skills = {}, orchestrator }: CheckedDefinition): Finding[] {
  const findings: Finding[] = [];
  if (Object.keys(profiles).length === 0) {
    findings.push(error('empty_profiles', ['profiles'], 'There is no profile: add one, [profiles.<name>]'));
  }
  if (orchestrator && !Object.hasOwn(profiles, orchestrator.profile)) {
    const message = `There is no profile "${orchestrator.profile}"${known(Object.keys(profiles))}`;
    findings.push(error('missing_orchestrator_profile', ['mob', 'orchestrator'], message));
  }
  for (const [name, profile] of Object.entries(profiles)) {
    const path = ['profiles', name];
    if (!/^[A-Za-z_][\w-]*$/.test(name)) {
      const message = `"${name}" cannot name a profile: letters, digits, "_" and "-", no digit or "-" first`;
      findings.push(error('invalid_profile_name', path, message));
    }
    if (name.startsWith(RESERVED_PREFIX)) {
      const message = `"${name}" begins with "${RESERVED_PREFIX}", which is reserved`;
      findings.push(error('reserved_system_identifier', path, message));
    }
    for (const [at, skill] of (profile.skills ?? []).entries()) {
      if (Object.hasOwn(skills, skill)) continue;
      const message = `There is no skill "${skill}"${known(Object.keys(skills))}`;
      findings.push(error('missing_skill_ref', [...path, 'skills', at], message));
    }
    if (profile.output_schema && profile.output_schema['type'] !== 'object') {
      const message =
        'Its root is not an object: give it `type: "object"`, and put other values in a property';
      findings.push(error('invalid_output_schema', [...path, 'output_schema'], message));
    }
    const { max_inline_peer_notifications: threshold } = profile;
    if (threshold !== undefined && threshold < -1) {
      findings.push(
        error(
          'invalid_inline_peer_notification_threshold',
          [...path, 'max_inline_peer_notifications'],
          `${threshold} is no threshold: -1 for always, 0 for never, or a number of peers`,
        ),
      );
    }
  }
  return findings;
}

/** Names what there is, for who misspelt it. */
export function known(names: readonly string[]): string {
  return names.length === 0 ? '' : `: there is ${names.map((name) => `"${name}"`).join(', ')}`;
}
