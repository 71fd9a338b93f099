import { MobError, type MobErrorDetails } from '@mobkit/core';

/** Reasons the server gives for what a retry can mend, whatever the status they come with. */
const RETRYABLE_REASONS = [
  'backendError',
  'internalError',
  'jobBackendError',
  'jobInternalError',
  'jobRateLimitExceeded',
  'quotaExceeded',
  'rateLimitExceeded',
  'tableUnavailable',
  'timeout',
  'userRateLimitExceeded',
];

/** What BigQuery says of a token it does not take; also of credentials that nobody gives a token for any more. */
const NO_TOKEN = 'authError';

/** What is known of a failure. */
export interface Failure {
  /** What was being done, e.g. `append events`. */
  readonly doing: string;
  /** Of the answer; absent when there was none. */
  readonly status?: number;
  /** The server's own word for it, e.g. `rateLimitExceeded`. */
  readonly reason?: string;
  readonly message?: string;
  readonly details?: MobErrorDetails;
  readonly cause?: unknown;
}

/** Says what was being done and whether trying again helps. */
export function storeError({ doing, status, reason, message, details, cause }: Failure): MobError {
  const retryable = isRetryable(status, reason);
  const said = [
    status === undefined ? undefined : `status ${status}`,
    reason,
    message === undefined ? undefined : withoutSecrets(message),
  ]
    .filter((part) => part)
    .join(', ');
  return new MobError(
    retryable ? 'MOB_STORE_UNAVAILABLE' : 'MOB_STORE_REFUSED',
    `BigQuery ${retryable ? 'could not' : 'refused to'} ${doing}${said && `: ${said}`}${adviceOn(status, reason)}`,
    {
      retryable,
      details: {
        ...(status !== undefined && { status }),
        ...(reason !== undefined && { server_reason: reason }),
        ...details,
      },
      ...(cause !== undefined && { cause }),
    },
  );
}

/** The connection itself failed: nobody knows what became of the request. */
export function connectionError(doing: string, error: unknown): MobError {
  return storeError({ doing, message: causeOf(error) });
}

/** Of whoever gives tokens, who refused to: no attempt mends that. Undefined when it was something else. */
export function credentialsError(doing: string, error: unknown): MobError | undefined {
  const { response, message } = (error ?? {}) as {
    readonly response?: { readonly status?: unknown };
    readonly message?: unknown;
  };
  const status = response?.status;
  if (typeof status !== 'number' || status < 400 || isRetryable(status, undefined)) return undefined;
  return storeError({
    doing,
    reason: NO_TOKEN,
    ...(typeof message === 'string' && { message }),
  });
}

function isRetryable(status: number | undefined, reason: string | undefined): boolean {
  if (reason !== undefined && RETRYABLE_REASONS.includes(reason)) return true;
  if (status === undefined) return reason === undefined;
  return status === 408 || status === 429 || status >= 500;
}

function adviceOn(status: number | undefined, reason: string | undefined): string {
  if (reason === 'bytesBilledLimitExceeded') return '; ask for less, or raise maxBytesBilled';
  if (status === 401 || reason === NO_TOKEN) return '; the credentials are wrong or have expired';
  if (status === 403 && reason === 'accessDenied')
    return '; grant BigQuery Data Editor and Job User to who runs this';
  return '';
}

const LONGEST_MESSAGE = 500;

/** An answer may repeat what it was sent. */
function withoutSecrets(message: string): string {
  return message
    .slice(0, LONGEST_MESSAGE)
    .replaceAll(/Bearer\s+\S+/gi, 'Bearer …')
    .replaceAll(/ya29\.[\w.-]+/g, '…');
}

/** Of a socket: its code. The error itself holds the request, with its headers. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer';
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string' && at.code !== '') return at.code;
  }
  return error.message;
}
