import type { ProfileTools, ToolSource } from '@mobkit/core/mob';

/** The sources that a profile allows: those it names, all when it names none, and none when it does not speak of them. */
export function allowedSources(
  sources: readonly ToolSource[],
  allowed: ProfileTools['mcp'],
): readonly ToolSource[] {
  if (!allowed) return [];
  return allowed.length === 0 ? sources : sources.filter(({ name }) => allowed.includes(name));
}
