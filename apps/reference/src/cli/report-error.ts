import { isMobError } from '@mobkit/core';

import { terminalText } from './terminal-text.js';

/**
 * Says on standard error what went wrong, and what went wrong after it, and returns the exit code: 2 for a wrong command
 * line, else 1.
 */
export function reportError(error: unknown): number {
  for (const [at, one] of flatten(error).entries()) {
    const text = withoutPasswords(textOf(one));
    console.error(terminalText(at === 0 ? `mobkit: ${text}` : `  then: ${text}`));
  }
  if (!isMobError(error, 'mobkit/usage')) return 1;
  console.error('Try `mobkit --help`.');
  return 2;
}

function flatten(error: unknown): readonly unknown[] {
  return error instanceof AggregateError ? error.errors.flatMap(flatten) : [error];
}

/** Of an address that stands where none is wanted, such as a connection string without its `--store`. */
function withoutPasswords(text: string): string {
  return text
    .replaceAll(/(:\/{1,2}[^/@\s:]*):\S*@/g, '$1:***@')
    .replaceAll(/((?:ssl)?password=)(?:'[^']*'|[^&\s"']*)/gi, '$1***');
}

/** A `MobError` says what to do; of anything else the stack is wanted. */
function textOf(error: unknown): string {
  if (!isMobError(error)) return error instanceof Error ? (error.stack ?? error.message) : String(error);
  // What zod found is in the message, in words.
  if (!(error.cause instanceof Error) || error.cause.name === 'ZodError') return error.message;
  const { message } = error.cause;
  return error.message.includes(message) ? error.message : `${error.message} (${message})`;
}
