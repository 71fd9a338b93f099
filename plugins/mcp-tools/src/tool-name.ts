import { createHash } from 'node:crypto';

/** What every provider of models takes for the name of a tool. */
const LONGEST = 64;
const NOT_ALLOWED = /[^A-Za-z0-9_-]/g;

/**
 * The name under which agents know a tool: `<server>__<tool>`. It depends on nothing else, so it stays the same whatever
 * else is offered. Where signs had to give way, the end of a hash tells it from others.
 */
export function toolName(server: string, tool: string): string {
  const plain = `${server}__${tool}`;
  const allowed = plain.replaceAll(NOT_ALLOWED, '_');
  if (allowed === plain && plain.length <= LONGEST) return plain;
  const hash = createHash('sha256').update(plain).digest('hex').slice(0, 8);
  return `${allowed.slice(0, LONGEST - hash.length - 1)}_${hash}`;
}
