import { type LlmRequest, textOf } from '@mobkit/core/mob';

import type { CompiledRule } from './compile-script.js';
import { groupOf } from './pattern.js';
import { type Fill, SEEN_NAME } from './placeholders.js';

/** Holds a rule against a request; returns what its placeholders stand for, or undefined when it does not match. */
export function matchRule(
  { role, identity, input, seen, since }: CompiledRule,
  { agent, messages }: LlmRequest,
): Fill | undefined {
  if (role !== undefined && role !== agent.role) return undefined;
  if (identity !== undefined && identity !== agent.identity) return undefined;
  const said = messages.flatMap(({ role: by, content }) => (by === 'user' ? [textOf(content)] : []));
  const last = said.at(-1) ?? '';
  const inputMatch = input?.with(noFill).exec(last);
  if (input && !inputMatch) return undefined;
  const ofInput: Fill = (name) =>
    name === 'input' ? last : inputMatch ? groupOf(inputMatch, name) : undefined;
  const start = since?.with(ofInput);
  const counted = start ? fromLatest(said, start) : said;
  const matches = seen.map((pattern) => latestMatch(pattern.with(ofInput), counted));
  if (matches.includes(undefined)) return undefined;
  return (name) => {
    const [, place, group] = SEEN_NAME.exec(name) ?? [];
    if (place === undefined) return ofInput(name);
    const match = matches[Number(place)];
    return match && group !== undefined ? groupOf(match, group) : match?.[0];
  };
}

const noFill: Fill = () => undefined;

function fromLatest(texts: readonly string[], start: RegExp): readonly string[] {
  const at = texts.findLastIndex((text) => start.test(text));
  return at === -1 ? texts : texts.slice(at);
}

function latestMatch(pattern: RegExp, texts: readonly string[]): RegExpExecArray | undefined {
  for (const text of texts.toReversed()) {
    const match = pattern.exec(text);
    if (match) return match;
  }
  return undefined;
}
