import type { Usage } from '@mobkit/core/mob';

export function addUsage(one: Usage, other: Usage): Usage {
  const created = sum(one.cache_creation_tokens, other.cache_creation_tokens);
  const read = sum(one.cache_read_tokens, other.cache_read_tokens);
  return {
    input_tokens: one.input_tokens + other.input_tokens,
    output_tokens: one.output_tokens + other.output_tokens,
    ...(created !== undefined && { cache_creation_tokens: created }),
    ...(read !== undefined && { cache_read_tokens: read }),
  };
}

/** Absent stays absent. */
function sum(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined && other === undefined ? undefined : (one ?? 0) + (other ?? 0);
}
