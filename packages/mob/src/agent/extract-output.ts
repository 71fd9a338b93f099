import { errorText } from '@mobkit/core';
import type { AgentEventPayload, LlmMessage, Usage } from '@mobkit/core/mob';

import { compileSchema } from '../flows/output-schema.js';
import { addUsage } from './add-usage.js';
import { NOTHING_USED } from './budget.js';

/** Calls of the model for one output. */
const ATTEMPTS = 3;

export interface ExtractOptions {
  readonly sessionId: string;
  readonly schema: Readonly<Record<string, unknown>>;
  /** Everything that was said, the answer last. */
  readonly said: readonly LlmMessage[];
  /** Asks the model without tools, at temperature 0. */
  readonly ask: (
    messages: readonly LlmMessage[],
  ) => Promise<{ readonly text: string; readonly usage?: Usage }>;
}

type ExtractionEnd = Extract<AgentEventPayload, { type: 'extraction_succeeded' | 'extraction_failed' }>;

interface Extraction {
  readonly end: ExtractionEnd;
  readonly usage: Usage;
}

/** Draws the answer of a run into JSON of a schema; tells the model what was wrong and asks again, up to twice. Never rejects. */
export async function extractOutput({ sessionId, schema, said, ask }: ExtractOptions): Promise<Extraction> {
  let usage = NOTHING_USED.usage;
  let lastOutput = '';
  const failed = (attempts: number, reason: string): Extraction => {
    const about = { session_id: sessionId, last_output: lastOutput, attempts, reason };
    return { end: { type: 'extraction_failed', ...about }, usage };
  };
  let problemOf: (value: unknown) => string | undefined;
  try {
    problemOf = compileSchema(JSON.stringify(schema));
  } catch (error) {
    return failed(0, `The output schema cannot be used: ${errorText(error)}`);
  }
  const asked: LlmMessage[] = [...said, { role: 'user', content: instruction(schema) }];
  let reason = '';
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    try {
      const answer = await ask([...asked]);
      lastOutput = answer.text;
      if (answer.usage) usage = addUsage(usage, answer.usage);
    } catch (error) {
      return failed(attempt, errorText(error));
    }
    const { value, problem } = read(lastOutput, problemOf);
    if (problem === undefined) {
      return {
        end: { type: 'extraction_succeeded', session_id: sessionId, structured_output: value },
        usage,
      };
    }
    reason = problem;
    asked.push(
      { role: 'assistant', content: lastOutput },
      { role: 'user', content: `That does not do: ${problem}. Answer again, with the JSON alone.` },
    );
  }
  return failed(ATTEMPTS, reason);
}

function instruction(schema: object): string {
  return `Give your last answer again as JSON that fits this JSON Schema. Say nothing but the JSON.\n${JSON.stringify(schema)}`;
}

function read(text: string, problemOf: (value: unknown) => string | undefined) {
  const [, fenced = text] = /^\s*```(?:json)?\s*\n([\s\S]*?)\n?```\s*$/.exec(text) ?? [];
  try {
    const value: unknown = JSON.parse(fenced);
    return { value, problem: problemOf(value) };
  } catch (error) {
    return { value: undefined, problem: `it is not JSON: ${errorText(error)}` };
  }
}
