import type { MobContext } from './mob-context.js';

/** What profiles ask for and nobody offers: models without a provider and tools without a plugin. */
export function offeredWarnings({ definition, providers, hostTools }: MobContext): readonly string[] {
  return Object.entries(definition.profiles).flatMap(([name, { model, tools }]) => {
    const answered = providers.some((provider) => provider.supports(model));
    const missing = (tools?.host ?? []).filter((tool) => !hostTools.has(tool));
    return [
      ...(answered ? [] : [`profiles.${name}.model: no provider supports "${model}"; its runs will fail`]),
      ...missing.map((tool) => `profiles.${name}.tools.host: nobody offers a tool "${tool}"`),
    ];
  });
}
