import { isRecord } from '@mobkit/core';
import type { MobDefinition, RiskTier } from '@mobkit/core/mob';

type Tiers = Record<string, RiskTier>;

/**
 * A definition that an agent made, in which the tools that any profile of the agent's own mob has gated are gated for everybody,
 * with the stricter tier where both say one: else an agent could have somebody else call what it may not. What is no
 * definition is left as it is.
 */
export function inheritGates(given: MobDefinition, parent: MobDefinition): MobDefinition {
  const gated: Tiers = {};
  for (const { tools } of Object.values(parent.profiles)) tighten(gated, tools?.gated);
  const { profiles } = given as Partial<MobDefinition>;
  if (Object.keys(gated).length === 0 || !isRecord(profiles)) return given;
  const held = Object.entries(profiles).map(([name, profile]) => {
    if (!isRecord(profile) || !isRecord(profile.tools ?? {})) return [name, profile];
    const own = profile.tools?.gated;
    if (own !== undefined && !isRecord(own)) return [name, profile];
    const merged: Tiers = { ...gated };
    tighten(merged, own);
    return [name, { ...profile, tools: { ...profile.tools, gated: merged } }];
  });
  return { ...given, profiles: Object.fromEntries(held) as MobDefinition['profiles'] };
}

function tighten(tiers: Tiers, others: Readonly<Tiers> = {}): void {
  for (const [tool, tier] of Object.entries(others)) {
    const before = tiers[tool];
    // Higher ones are stricter: r0 to r3. One that is none is for the check of definitions to find.
    if (before === undefined || tier > before) tiers[tool] = tier;
  }
}
