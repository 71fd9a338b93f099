import type { SpawnCustomizer, SpawnMemberSpec } from '@mobkit/core/mob';

import { checkSpawnSpec, type SpawnSource } from './check-spawn-spec.js';

/**
 * What the host makes of a spec. @throws TypeError when that is none, or changes what it must not, and what the host throws.
 */
export function customizeSpawn(
  customizer: SpawnCustomizer,
  spec: SpawnMemberSpec,
  source: SpawnSource,
): SpawnMemberSpec {
  const used = customizer(spec, source);
  if (used.identity !== spec.identity) {
    throw new TypeError(`The spawn customizer renamed "${spec.identity}" to "${used.identity}"`);
  }
  if (source !== 'spawn' && used.profile !== spec.profile) {
    throw new TypeError(`The spawn customizer changed the profile of "${spec.identity}" on a ${source}`);
  }
  checkSpawnSpec(used, source);
  return used;
}
