import { errorText, isMobError } from '@mobkit/core';

/** What an error says with its code, for whoever must decide what to do next: a model. */
export function codedErrorText(error: unknown): string {
  return isMobError(error) ? `${error.code}: ${error.message}` : errorText(error);
}
