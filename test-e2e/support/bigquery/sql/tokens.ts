import { invalidQuery } from '../refusal.js';

export interface Token {
  readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'parameter' | 'sign' | 'end';
  /** A word as written; of a string or a quoted name what is inside. */
  readonly text: string;
  readonly at: number;
}

const SIGNS = /^(?:<=|>=|<>|!=|\|\||=>|[-+*/%(),.;=<>[\]])/;
const WORD = /^[A-Za-z_][A-Za-z0-9_]*/;
const NUMBER = /^(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/;
const SPACE = /^(?:\s+|--[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\/)/;

/** The words of a statement. What is no part of the language is refused here, e.g. `::` and `$1`. */
export function tokensOf(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < sql.length;) {
    const rest = sql.slice(at, at + 65_536);
    const space = SPACE.exec(rest);
    if (space) {
      at += space[0].length;
      continue;
    }
    const [token, length] = one(sql, rest, at);
    tokens.push(token);
    at += length;
  }
  tokens.push({ kind: 'end', text: '', at: sql.length });
  return tokens;
}

function one(sql: string, rest: string, at: number): [Token, number] {
  const first = rest.charAt(0);
  if (first === '`') {
    const end = sql.indexOf('`', at + 1);
    if (end < 0) throw invalidQuery(`Syntax error: Unclosed identifier literal at [${at}]`);
    return [{ kind: 'quoted', text: sql.slice(at + 1, end), at }, end - at + 1];
  }
  if (first === "'" || first === '"') return string(sql, at);
  if (first === '@') {
    const name = WORD.exec(rest.slice(1));
    if (name) return [{ kind: 'parameter', text: name[0], at }, name[0].length + 1];
  }
  for (const [kind, pattern] of [
    ['word', WORD],
    ['number', NUMBER],
    ['sign', SIGNS],
  ] as const) {
    const found = pattern.exec(rest);
    if (found) return [{ kind, text: found[0], at }, found[0].length];
  }
  throw invalidQuery(`Syntax error: Illegal input character "${first}" at [${at}]`);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

function string(sql: string, at: number): [Token, number] {
  const quote = sql.charAt(at);
  let text = '';
  for (let i = at + 1; i < sql.length; i++) {
    const char = sql.charAt(i);
    if (char === quote) return [{ kind: 'string', text, at }, i - at + 1];
    if (char === '\\') {
      const escaped = sql.charAt(++i);
      text += ESCAPES[escaped] ?? escaped;
    } else {
      text += char;
    }
  }
  throw invalidQuery(`Syntax error: Unclosed string literal at [${at}]`);
}
