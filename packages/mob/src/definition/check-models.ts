import type { Diagnostic, LlmProvider, MobDefinition } from '@mobkit/core/mob';

import { toDiagnostic, warning } from './finding.js';
import type { PositionOf } from './read-document.js';

/**
 * A warning, `unknown_model`, for every profile whose model no provider supports or knows.
 *
 * @param providers - The later is asked first, as a mob does.
 * @param positionOf - Gives them line and column: that of what `parseMobDefinition` returned.
 */
export function checkModels(
  { profiles }: MobDefinition,
  providers: readonly LlmProvider[],
  positionOf?: PositionOf,
): readonly Diagnostic[] {
  return Object.entries(profiles).flatMap(([name, { model }]) => {
    const problem = problemOf(model, providers);
    if (problem === undefined) return [];
    const path = ['profiles', name, 'model'];
    return [toDiagnostic(warning('unknown_model', path, problem), positionOf?.(path))];
  });
}

function problemOf(model: string, providers: readonly LlmProvider[]): string | undefined {
  const asked = providers.findLast((provider) => provider.supports(model));
  if (!asked) return `no provider supports "${model}"; its runs will fail`;
  if (asked.knows?.(model) ?? true) return undefined;
  return `no provider knows "${model}"; ${asked.client.provider} answers in its place`;
}
