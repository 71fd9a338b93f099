import { isMobError } from '@mobkit/core';

import { terminalText } from './terminal-text.js';

/**
 * Says on standard error what went wrong, and what went wrong after it, and returns the exit code: 2 for a wrong command
 * line, else 1.
 */
export function reportError(error: unknown): number {
  for (const [at, one] of flatten(error).entries()) {
    console.error(terminalText(at === 0 ? `mobkit: ${textOf(one)}` : `  then: ${textOf(one)}`));
  }
  if (!isMobError(error, 'mobkit/usage')) return 1;
  console.error('Try `mobkit --help`.');
  return 2;
}

function flatten(error: unknown): readonly unknown[] {
  return error instanceof AggregateError ? error.errors.flatMap(flatten) : [error];
}

/** A `MobError` says what to do; of anything else the stack is wanted. */
function textOf(error: unknown): string {
  if (!isMobError(error)) return error instanceof Error ? (error.stack ?? error.message) : String(error);
  // What zod found is in the message, in words.
  if (!(error.cause instanceof Error) || error.cause.name === 'ZodError') return error.message;
  const { message } = error.cause;
  return error.message.includes(message) ? error.message : `${error.message} (${message})`;
}
