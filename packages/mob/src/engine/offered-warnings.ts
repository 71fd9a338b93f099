import type { LlmProvider } from '@mobkit/core/mob';

import type { MobContext } from './mob-context.js';

/** What profiles ask for and nobody offers: models without a provider and tools without a plugin. */
export function offeredWarnings({
  definition,
  providers,
  hostTools,
  toolSources,
}: MobContext): readonly string[] {
  return Object.entries(definition.profiles).flatMap(([name, { model, tools }]) => {
    const missing = (tools?.host ?? []).filter((tool) => !hostTools.has(tool));
    const sources = new Set(toolSources.map((source) => source.name));
    const absent = (tools?.mcp ?? []).filter((source) => !sources.has(source));
    return [
      ...modelWarnings(model, providers).map((warning) => `profiles.${name}.model: ${warning}`),
      ...missing.map((tool) => `profiles.${name}.tools.host: nobody offers a tool "${tool}"`),
      ...absent.map((source) => `profiles.${name}.tools.mcp: there is no MCP server "${source}"`),
    ];
  });
}

function modelWarnings(model: string, providers: readonly LlmProvider[]): readonly string[] {
  const asked = providers.findLast((provider) => provider.supports(model));
  if (!asked) return [`no provider supports "${model}"; its runs will fail`];
  if (asked.knows?.(model) ?? true) return [];
  return [`no provider knows "${model}"; ${asked.client.provider} answers in its place`];
}
