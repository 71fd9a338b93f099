import type { MobDefinition, Profile } from '@mobkit/core/mob';

/** The profile of that name; a name that every object has is none. */
export function profileOf({ profiles }: MobDefinition, name: string): Profile | undefined {
  return Object.hasOwn(profiles, name) ? profiles[name] : undefined;
}
