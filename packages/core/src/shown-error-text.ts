import { errorText } from './error-text.js';

const LONGEST = 500;

/**
 * What an error says, for whoever asks how something goes: at most 500 characters, without the tokens and passwords that a
 * message may repeat.
 */
export function shownErrorText(error: unknown): string {
  const shown = errorText(error)
    // Before it is cut: the rest of a secret would not be known again.
    .replaceAll(/(\bBearer|\bBasic)\s+\S+/gi, '$1 …')
    .replaceAll(/\bya29\.[\w.-]+/g, '…')
    .replaceAll(/(\b[a-z][a-z\d+.-]*:\/\/)[^\s/]+@/gi, '$1…@')
    .replaceAll(
      /(\b\w*(?:password|passwd|pwd|token|secret|api[-_]?key)["']?\s*[=:]\s*["']?)[^\s"',;&]+/gi,
      '$1…',
    );
  return shown.length > LONGEST ? `${shown.slice(0, LONGEST)}…` : shown;
}
