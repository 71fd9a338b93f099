import type { MobDefinition, Profile } from '@mobkit/core/mob';

import type { MemberSettings } from './member-settings.js';

/** The profile that counts for a member of that role; undefined when there is none. @param settings - Its session's record has them. */
export function effectiveProfile(
  { profiles }: MobDefinition,
  role: string,
  settings: MemberSettings = {},
): Profile | undefined {
  // A name that every object has is no profile.
  const named = Object.hasOwn(profiles, role) ? profiles[role] : undefined;
  const profile = settings.profile_override ?? named;
  const { model_override: model, provider_params_override: params } = settings;
  if (!profile || (model === undefined && !params)) return profile;
  return { ...profile, ...(model !== undefined && { model }), ...(params && { provider_params: params }) };
}
