import { isMobError } from '@mobkit/core';

/** What an error says, for people. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The same with its code, for whoever must decide what to do next: a model. */
export function codedErrorText(error: unknown): string {
  return isMobError(error) ? `${error.code}: ${error.message}` : errorText(error);
}
