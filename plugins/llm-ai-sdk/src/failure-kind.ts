/** What kept a model from answering. */
export type FailureKind =
  | 'auth'
  | 'content_filtered'
  | 'context_length'
  | 'invalid_request'
  | 'invalid_response'
  | 'model_not_found'
  | 'network'
  | 'overloaded'
  | 'rate_limited'
  | 'timeout';

/** What is known of a failure, from whatever said it. */
export interface FailureSigns {
  /** Of HTTP, or the number a provider puts in its place. */
  readonly status?: number | undefined;
  /** The words that providers tell failures apart by: `code`, `type` and `status` of what they answered. */
  readonly words: readonly string[];
  readonly message: string;
}

const RETRYABLE: ReadonlySet<FailureKind> = new Set([
  'invalid_response',
  'network',
  'overloaded',
  'rate_limited',
  'timeout',
]);

const BY_WORD: Readonly<Record<string, FailureKind>> = {
  context_length_exceeded: 'context_length',
  content_filter: 'content_filtered',
  content_policy_violation: 'content_filtered',
  insufficient_quota: 'rate_limited',
  rate_limit_error: 'rate_limited',
  rate_limit_exceeded: 'rate_limited',
  resource_exhausted: 'rate_limited',
  overloaded_error: 'overloaded',
  api_error: 'overloaded',
  server_error: 'overloaded',
  internal: 'overloaded',
  unavailable: 'overloaded',
  timeout_error: 'timeout',
  deadline_exceeded: 'timeout',
  authentication_error: 'auth',
  permission_error: 'auth',
  invalid_api_key: 'auth',
  unauthenticated: 'auth',
  permission_denied: 'auth',
  model_not_found: 'model_not_found',
  not_found_error: 'model_not_found',
  not_found: 'model_not_found',
  // What the AI SDK says of an answer that it could not read, when it makes a status of its own of it.
  ai_jsonparseerror: 'invalid_response',
  ai_typevalidationerror: 'invalid_response',
};

// Some have no word for these, and say them in a sentence, with a status that means other things too.
const TOO_LONG =
  /context[ _-]?(?:length|window)|prompt is too long|(?:too many|maximum(?: number of)?|exceeds?\D*) (?:input )?tokens|input token count/i;
const BAD_KEY = /api key (?:not valid|is invalid|not found)|invalid api key|incorrect api key/i;

/** What it was, and whether the same request may succeed later. */
export function judgeFailure(signs: FailureSigns): {
  readonly kind: FailureKind;
  readonly retryable: boolean;
} {
  const kind = kindOf(signs);
  // An account without money is told so with the status of one that is too fast; waiting does not mend it.
  const broke = signs.words.includes('insufficient_quota');
  return { kind, retryable: RETRYABLE.has(kind) && !broke };
}

function kindOf({ status, words, message }: FailureSigns): FailureKind {
  const refused = status === undefined || (status >= 400 && status < 500 && status !== 429);
  if (refused && TOO_LONG.test(message)) return 'context_length';
  if (refused && BAD_KEY.test(message)) return 'auth';
  const named = words.flatMap((word) => BY_WORD[word.toLowerCase()] ?? []);
  return named[0] ?? (status === undefined ? 'invalid_response' : byStatus(status));
}

function byStatus(status: number): FailureKind {
  if (status === 401 || status === 402 || status === 403) return 'auth';
  if (status === 404) return 'model_not_found';
  if (status === 408 || status === 504) return 'timeout';
  if (status === 429) return 'rate_limited';
  if (status === 409 || status >= 500) return 'overloaded';
  return status >= 400 ? 'invalid_request' : 'invalid_response';
}
