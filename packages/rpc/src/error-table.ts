import type { MobErrorCode } from '@mobkit/core';

/** How an error is told on the wire. */
export interface ErrorRow {
  /** The JSON-RPC error number. Several codes share one: `kind` tells them apart. */
  readonly rpcCode: number;
  /** `data.kind` of a JSON-RPC error and `error` of an HTTP one: stable, for programs. */
  readonly kind: string;
  readonly httpStatus: number;
}

type OwnCode = Exclude<MobErrorCode, `${string}/${string}`>;

const row = (rpcCode: number, kind: string, httpStatus: number): ErrorRow => ({ rpcCode, kind, httpStatus });

/** The one place where codes become numbers. */
export const errorTable: Readonly<Record<OwnCode, ErrorRow>> = {
  MOB_ACCESS_DENIED: row(-32000, 'access_denied', 403),
  MOB_APPROVAL_FORBIDDEN: row(-32602, 'approval_forbidden', 403),
  MOB_APPROVAL_NOT_FOUND: row(-32602, 'approval_not_found', 404),
  MOB_BOOTSTRAP_FAILED: row(-32603, 'bootstrap_failed', 500),
  MOB_CONFIG_INVALID: row(-32000, 'config_invalid', 500),
  MOB_CONFLICT: row(-32009, 'conflict', 409),
  MOB_CURSOR_STALE: row(-32010, 'event_query_stale', 410),
  MOB_DEFINITION_CHANGED: row(-32000, 'definition_changed', 409),
  MOB_DEFINITION_INVALID: row(-32000, 'definition_invalid', 422),
  MOB_DELIVERY_FAILED: row(-32000, 'delivery_failed', 502),
  MOB_DELIVERY_NOT_FOUND: row(-32602, 'delivery_not_found', 404),
  MOB_DESTROY_INCOMPLETE: row(-32000, 'destroy_incomplete', 503),
  MOB_DISCOVERY_INVALID: row(-32000, 'discovery_invalid', 422),
  MOB_DISCOVERY_UNAVAILABLE: row(-32000, 'discovery_unavailable', 503),
  MOB_EVENT_INVALID: row(-32602, 'event_invalid', 422),
  MOB_FENCE_STALE: row(-32009, 'fence_stale', 409),
  MOB_FLOW_NOT_FOUND: row(-32602, 'flow_not_found', 404),
  MOB_GATE_DENIED: row(-32000, 'gate_denied', 403),
  MOB_HOOK_FAILED: row(-32000, 'hook_failed', 500),
  MOB_IDEMPOTENCY_MISMATCH: row(-32009, 'idempotency_mismatch', 409),
  MOB_INBOX_FULL: row(-32015, 'inbox_full', 429),
  MOB_INVALID_TRANSITION: row(-32000, 'invalid_transition', 409),
  MOB_KICKOFF_TIMEOUT: row(-32000, 'kickoff_timeout', 504),
  MOB_LEASE_HELD: row(-32014, 'lease_held', 503),
  MOB_LEASE_LOST: row(-32005, 'lease_lost', 503),
  MOB_LEDGER_INVALID: row(-32014, 'ledger_invalid', 500),
  MOB_LLM_FAILED: row(-32000, 'llm_failed', 502),
  MOB_MEMBER_BROKEN: row(-32000, 'member_broken', 409),
  MOB_MEMBER_EXISTS: row(-32009, 'member_exists', 409),
  MOB_MEMBER_NOT_FOUND: row(-32602, 'member_not_found', 404),
  MOB_MEMORY_UNAVAILABLE: row(-32012, 'memory_unavailable', 503),
  MOB_MODULE_CALL_FAILED: row(-32000, 'module_call_failed', 502),
  MOB_MODULE_MCP_REQUIRED: row(-32000, 'module_mcp_required', 409),
  MOB_MODULE_NOT_LOADED: row(-32601, 'module_not_loaded', 404),
  MOB_MODULE_TIMEOUT: row(-32000, 'module_timeout', 504),
  MOB_NOT_ADDRESSABLE: row(-32002, 'not_addressable', 403),
  MOB_PEER_UNREACHABLE: row(-32000, 'peer_unreachable', 502),
  MOB_PEER_UNTRUSTED: row(-32000, 'peer_untrusted', 403),
  MOB_PLAN_STALE: row(-32009, 'plan_stale', 409),
  MOB_PLUGIN_CONFLICT: row(-32000, 'plugin_conflict', 500),
  MOB_POLICY_INVALID: row(-32000, 'policy_invalid', 422),
  MOB_PROCESS_FAILED: row(-32000, 'process_failed', 502),
  MOB_PROFILE_NOT_FOUND: row(-32602, 'profile_not_found', 404),
  MOB_RATE_LIMITED: row(-32016, 'rate_limited', 429),
  MOB_READY_TIMEOUT: row(-32000, 'ready_timeout', 504),
  MOB_REQUEST_INVALID: row(-32602, 'invalid_params', 400),
  MOB_ROLLBACK_FAILED: row(-32603, 'rollback_failed', 500),
  MOB_ROUTE_NOT_FOUND: row(-32602, 'route_not_found', 404),
  MOB_ROUTE_UNRESOLVED: row(-32602, 'route_unresolved', 404),
  MOB_ROUTE_UNTRUSTED: row(-32602, 'route_untrusted', 403),
  MOB_RUN_ACTIVE: row(-32009, 'run_active', 409),
  MOB_RUN_FAILED: row(-32000, 'run_failed', 500),
  MOB_SCHEDULE_INVALID: row(-32602, 'schedule_invalid', 422),
  MOB_SCHEDULE_NOT_FOUND: row(-32602, 'schedule_not_found', 404),
  MOB_SESSION_LIMIT: row(-32000, 'session_limit', 429),
  MOB_SESSION_STORE_FAILED: row(-32011, 'session_store_failed', 502),
  MOB_SESSION_UNUSABLE: row(-32009, 'session_unusable', 409),
  MOB_SHUTTING_DOWN: row(-32000, 'shutting_down', 503),
  MOB_STORE_LOCKED: row(-32014, 'store_locked', 503),
  MOB_STORE_REFUSED: row(-32014, 'store_refused', 500),
  MOB_STORE_UNAVAILABLE: row(-32014, 'store_unavailable', 503),
  MOB_TEMPLATE_INVALID: row(-32000, 'template_invalid', 400),
  MOB_TOOLS_UNAVAILABLE: row(-32000, 'tools_unavailable', 503),
  MOB_WIRING_INVALID: row(-32009, 'wiring_invalid', 409),
};

/** What is told of an error that nobody threw on purpose. */
export const internalRow: ErrorRow = row(-32603, 'internal', 500);

/** The row of a code. A third party's `acme/quota_exceeded` is its own kind: -32000, and 500 over HTTP. */
export function rowOf(code: MobErrorCode): ErrorRow {
  return Object.hasOwn(errorTable, code) ? errorTable[code as OwnCode] : row(-32000, code, 500);
}
