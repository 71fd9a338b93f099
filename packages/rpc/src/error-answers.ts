import { isMobError } from '@mobkit/core';

import { internalRow, rowOf } from './error-table.js';
import type { RpcError } from './rpc-message.js';
import { toWireDetails } from './wire.js';

/** An error as a plain HTTP route answers it. */
export interface HttpErrorAnswer {
  readonly status: number;
  /** `error` is the kind; details stand beside it. */
  readonly body: { readonly error: string; readonly message: string; readonly [detail: string]: unknown };
}

/** Kinds of what is wrong with params, as clients of the wire are told it. */
const PREFIXED: readonly string[] = [
  'invalid_params',
  'approval_forbidden',
  'approval_not_found',
  'schedule_invalid',
];

/**
 * Makes the JSON-RPC error for anything thrown. A `MobError` keeps its message and details; of anything else only
 * `Internal error` is told, because its message may hold what is not for callers.
 */
export function toRpcError(error: unknown): RpcError {
  if (!isMobError(error)) {
    return { code: internalRow.rpcCode, message: 'Internal error', data: { kind: internalRow.kind } };
  }
  const { rpcCode, kind } = rowOf(error.code);
  const details = toWireDetails(error.code, error.details);
  const message = PREFIXED.includes(kind) ? `Invalid params: ${error.message}` : error.message;
  return {
    code: rpcCode,
    message,
    data: { ...details, kind, ...(error.retryable && { retryable: true }) },
  };
}

/** Makes the HTTP answer for anything thrown, by the same rules as `toRpcError`. */
export function toHttpError(error: unknown): HttpErrorAnswer {
  if (!isMobError(error)) {
    return { status: internalRow.httpStatus, body: { error: internalRow.kind, message: 'Internal error' } };
  }
  const { httpStatus, kind } = rowOf(error.code);
  const details = toWireDetails(error.code, error.details);
  return { status: httpStatus, body: { ...details, error: kind, message: error.message } };
}
