import { checkModels } from '../definition/check-models.js';
import type { MobContext } from './mob-context.js';

/** What profiles ask for and nobody offers: models without a provider and tools without a plugin. */
export function offeredWarnings({
  definition,
  providers,
  hostTools,
  toolSources,
  toolGate,
}: MobContext): readonly string[] {
  const models = checkModels(definition, providers);
  const others = Object.entries(definition.profiles).flatMap(([name, { tools }]) => {
    const missing = (tools?.host ?? []).filter((tool) => !hostTools.has(tool));
    const sources = new Set(toolSources.map((source) => source.name));
    const absent = (tools?.mcp ?? []).filter((source) => !sources.has(source));
    const ungated = toolGate || Object.keys(tools?.gated ?? {}).length === 0;
    return [
      ...(ungated
        ? []
        : [`profiles.${name}.tools.gated: the host has no gate, so none of them may be called`]),
      ...missing.map((tool) => `profiles.${name}.tools.host: nobody offers a tool "${tool}"`),
      ...absent.map((source) => `profiles.${name}.tools.mcp: there is no MCP server "${source}"`),
    ];
  });
  return [...models.map(({ location, message }) => `${location}: ${message}`), ...others];
}
