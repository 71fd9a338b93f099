import { type Fill, fillText } from './placeholders.js';

/** A pattern whose placeholders are not filled yet, and the groups it has. */
export interface Pattern {
  /** The pattern with each placeholder standing for exactly the text given for it. */
  with(fill: Fill): RegExp;
  readonly groups: Groups;
}

/** The names by which the groups of a pattern are asked for: `1`, `2` and those that have a name. */
export type Groups = ReadonlySet<string>;

/** @throws SyntaxError when it is no regular expression. */
export function compilePattern(source: string): Pattern {
  const compile = (fill: Fill) =>
    new RegExp(
      fillText(source, (name) => literally(fill(name) ?? '')),
      'su',
    );
  const pattern = compile(() => '');
  // With nothing as an alternative every pattern matches, and the match tells its groups.
  const match = new RegExp(`${pattern.source}|`, 'su').exec('');
  const numbers = (match ?? []).slice(1).map((_, at) => String(at + 1));
  const filled = /\{\{/.test(source) ? compile : () => pattern;
  return { with: filled, groups: new Set([...numbers, ...Object.keys(match?.groups ?? {})]) };
}

/** The text of a group of a match, empty when it took no part; undefined when there is no such group. */
export function groupOf(match: RegExpExecArray, name: string): string | undefined {
  const isNumber = /^[1-9]\d*$/.test(name) && Number(name) < match.length;
  if (isNumber) return match[Number(name)] ?? '';
  return match.groups && Object.hasOwn(match.groups, name) ? (match.groups[name] ?? '') : undefined;
}

function literally(text: string): string {
  return `(?:${text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)})`;
}
