import { isRecord } from '@mobkit/core';

/** What a caller names a request by; its answer has the same. Null: of a request whose id could not be read. */
export type RpcId = string | number | null;

/** A JSON-RPC 2.0 error. */
export interface RpcError {
  readonly code: number;
  readonly message: string;
  /** `kind` is stable and for programs; what else is known stands beside it. */
  readonly data: { readonly kind: string; readonly [detail: string]: unknown };
}

/** A JSON-RPC 2.0 response: `result` or `error`, never both. */
export type RpcResponse =
  | { readonly jsonrpc: '2.0'; readonly id: RpcId; readonly result: unknown }
  | { readonly jsonrpc: '2.0'; readonly id: RpcId; readonly error: RpcError };

export interface RpcRequest {
  /** Absent in a notification. */
  readonly id?: RpcId;
  readonly method: string;
  readonly params: unknown;
}

/** Takes a message apart; a `RpcResponse` when it is not a request. */
export function readRequest(message: unknown): RpcRequest | RpcResponse {
  if (Array.isArray(message))
    return invalidRequest(null, 'batches are not taken: send one request at a time');
  if (!isRecord(message)) return invalidRequest(null, 'a request is an object');
  const { jsonrpc, id, method, params } = message;
  if (id !== undefined && !isId(id)) {
    return invalidRequest(null, 'id must be a string, null, or a number of at most 2^53 - 1');
  }
  if (jsonrpc !== '2.0') return invalidRequest(id, 'jsonrpc must be "2.0"');
  if (typeof method !== 'string' || method === '') return invalidRequest(id, 'method must be a name');
  return { ...(id !== undefined && { id }), method, params };
}

export function success(id: RpcId, result: unknown): RpcResponse {
  return { jsonrpc: '2.0', id, result };
}

export function failure(id: RpcId, error: RpcError): RpcResponse {
  return { jsonrpc: '2.0', id, error };
}

export function parseError(): RpcResponse {
  return failure(null, { code: -32700, message: 'Parse error', data: { kind: 'parse_error' } });
}

export function methodNotFound(method: string): RpcError {
  return { code: -32601, message: 'Method not found', data: { kind: 'method_not_found', method } };
}

function invalidRequest(id: RpcId | undefined, reason: string): RpcResponse {
  return failure(id ?? null, {
    code: -32600,
    message: 'Invalid Request',
    data: { kind: 'invalid_request', reason },
  });
}

/** A greater number has been rounded by the parser: the caller would not know its answer again. */
function isId(value: unknown): value is RpcId {
  if (typeof value === 'number') return Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  return typeof value === 'string' || value === null;
}
