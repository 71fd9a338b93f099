import type { AgentBudget, Profile, SpawnMemberSpec, ToolAccess } from '@mobkit/core/mob';

/** What a member was given instead of, or beside, what its profile says. Kept with its session. */
export interface MemberSettings {
  readonly profile_override?: Profile;
  readonly model_override?: string;
  readonly provider_params_override?: Readonly<Record<string, unknown>>;
  readonly tool_access?: ToolAccess;
  readonly budget?: AgentBudget;
  readonly context?: unknown;
}

export function settingsOf(spec: SpawnMemberSpec): MemberSettings {
  const { profileOverride, modelOverride, providerParamsOverride, toolAccess, budget, context } = spec;
  return {
    ...(profileOverride && { profile_override: profileOverride }),
    ...(modelOverride !== undefined && { model_override: modelOverride }),
    ...(providerParamsOverride && { provider_params_override: providerParamsOverride }),
    ...(toolAccess && { tool_access: toolAccess }),
    ...(budget && { budget }),
    ...(context !== undefined && { context }),
  };
}

/** The other way round; what else a session's record holds is left out. */
export function specOfSettings(settings: MemberSettings): Partial<SpawnMemberSpec> {
  const { profile_override: profileOverride, model_override: modelOverride, budget, context } = settings;
  const { provider_params_override: providerParamsOverride, tool_access: toolAccess } = settings;
  return {
    ...(profileOverride && { profileOverride }),
    ...(modelOverride !== undefined && { modelOverride }),
    ...(providerParamsOverride && { providerParamsOverride }),
    ...(toolAccess && { toolAccess }),
    ...(budget && { budget }),
    ...(context !== undefined && { context }),
  };
}

const NAMES: readonly string[] = [
  'profile_override',
  'model_override',
  'provider_params_override',
  'tool_access',
  'budget',
  'context',
] satisfies readonly (keyof MemberSettings)[];

/** What a session's record holds beside the settings. */
export function withoutSettings<T extends MemberSettings>(record: T): Omit<T, keyof MemberSettings> {
  const rest = Object.entries(record).filter(([name]) => !NAMES.includes(name));
  return Object.fromEntries(rest) as unknown as Omit<T, keyof MemberSettings>;
}
