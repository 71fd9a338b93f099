import type { FlowStep } from '@mobkit/core/mob';

import type { RunEnd } from '../agent/run-agent.js';

/** Of one member, in characters of JSON. */
export const LARGEST_ANSWER = 262_144;

const EXCERPT = 200;

/** What a member answered to a step, or why that is no answer. */
export type Answer =
  | { readonly type: 'answer'; readonly value: unknown; readonly size: number }
  | { readonly type: 'unusable'; readonly reason: string };

/** Reads the answer of a turn: JSON when the step wants it (or has a schema and says nothing else), else text. */
export function parseAnswer(
  { output_format: given, expected_schema_ref: schema }: FlowStep,
  { result, structured_output: structured }: Extract<RunEnd, { type: 'run_completed' }>,
): Answer {
  const format = given ?? (schema === undefined ? 'text' : 'json');
  if (format === 'text') return measured(result);
  if (structured !== undefined) return measured(structured);
  for (const text of [result, withoutFence(result)]) {
    try {
      return measured(JSON.parse(text));
    } catch {
      // The other reading, else the reason below.
    }
  }
  const excerpt = result.length > EXCERPT ? `${result.slice(0, EXCERPT)}…` : result;
  return { type: 'unusable', reason: `the answer is not JSON: ${excerpt}` };
}

function measured(value: unknown): Answer {
  const size = JSON.stringify(value).length;
  if (size <= LARGEST_ANSWER) return { type: 'answer', value, size };
  return {
    type: 'unusable',
    reason: `the answer has ${size} characters; ${LARGEST_ANSWER} are kept at most`,
  };
}

/** What stands between the first fence of code and the last, whatever is said around them. */
function withoutFence(text: string): string {
  return /```[^\n`]*\n(.*)\n?\s*```/su.exec(text)?.[1] ?? text;
}
