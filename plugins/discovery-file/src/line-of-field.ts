import { lineAt } from './line-at.js';

/**
 * The line, from 1, of a field such as `members[3].labels.team` in a text that was parsed; that of what it stands in when it is
 * not there; undefined when it cannot be said.
 */
export function lineOfField(text: string, format: 'toml' | 'json', field: string): number | undefined {
  return format === 'toml' ? lineInToml(text, field) : lineInJson(text, field);
}

/** Finds lists that are written as `[[members]]` tables; others are not looked for. */
function lineInToml(text: string, field: string): number | undefined {
  const [, list, index = '0', key] = /^(members|edges)\[(\d+)\](?:\.([^.[]+))?/.exec(field) ?? [];
  const lines = text.split('\n');
  if (list === undefined) {
    const at = lines.findIndex((line) => isHeaderOf(line, field) || isKey(line, field));
    return at < 0 ? undefined : at + 1;
  }
  const headers = lines.flatMap((line, at) => (isHeaderOf(line, list) ? [at] : []));
  const start = headers[Number(index)];
  if (start === undefined) return undefined;
  const end = lines.findIndex((line, at) => at > start && /^\s*\[\[/.test(line));
  const block = lines.slice(start, end < 0 ? undefined : end);
  const within = key === undefined ? -1 : block.findIndex((line) => isKey(line, key) || isTable(line, key));
  return start + 1 + Math.max(within, 0);
}

function isHeaderOf(line: string, list: string): boolean {
  return line.replaceAll(/[\s"']/g, '').startsWith(`[[${list}]]`);
}

function isTable(line: string, key: string): boolean {
  return line.replaceAll(/[\s"']/g, '').startsWith(`[members.${key}]`);
}

function isKey(line: string, key: string): boolean {
  return line.replaceAll(/[\s"']/g, '').startsWith(`${key}=`);
}

/** Walks the tokens of a text that is JSON, keeping the path to where it is. */
function lineInJson(text: string, field: string): number | undefined {
  let best: { readonly length: number; readonly position: number } | undefined;
  const path: (string | number)[] = [];
  const seen = (position: number) => {
    const name = path
      .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
      .join('')
      .slice(1);
    const holds = name !== '' && field.startsWith(name) && /^(?:$|[.[])/.test(field.slice(name.length));
    if (holds && name.length >= (best?.length ?? 0)) best = { length: name.length, position };
  };
  const opened: ('[' | '{')[] = [];
  const token = /"(?:[^"\\]|\\.)*"|[[\]{},]|[^\s[\]{},:"]+/g;
  let expectsKey = false;
  for (const { 0: found, index } of text.matchAll(token)) {
    if (found === '}' || found === ']') {
      opened.pop();
      path.pop();
      expectsKey = false;
    } else if (found === ',') {
      const last = path.at(-1);
      if (opened.at(-1) === '[') path[path.length - 1] = Number(last) + 1;
      else expectsKey = true;
    } else if (expectsKey) {
      path[path.length - 1] = JSON.parse(found) as string;
      seen(index);
      expectsKey = false;
    } else {
      seen(index);
      if (found !== '{' && found !== '[') continue;
      opened.push(found);
      path.push(found === '[' ? 0 : '');
      expectsKey = found === '{';
    }
  }
  return best && lineAt(text, best.position);
}
