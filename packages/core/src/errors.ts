/**
 * Every code a mobkit package may put on an error, and room for yours: `acme/quota_exceeded`.
 * Codes are API, stable within a major version; messages are not.
 */
export type MobErrorCode =
  | 'MOB_ACCESS_DENIED'
  | 'MOB_APPROVAL_FORBIDDEN'
  | 'MOB_APPROVAL_NOT_FOUND'
  | 'MOB_BOOTSTRAP_FAILED'
  | 'MOB_CONFIG_INVALID'
  | 'MOB_CONFLICT'
  | 'MOB_CURSOR_STALE'
  | 'MOB_DEFINITION_CHANGED'
  | 'MOB_DEFINITION_INVALID'
  | 'MOB_DELIVERY_FAILED'
  | 'MOB_DELIVERY_NOT_FOUND'
  | 'MOB_DESTROY_INCOMPLETE'
  | 'MOB_DISCOVERY_INVALID'
  | 'MOB_DISCOVERY_UNAVAILABLE'
  | 'MOB_EVENT_INVALID'
  | 'MOB_FENCE_STALE'
  | 'MOB_FLOW_NOT_FOUND'
  | 'MOB_GATE_DENIED'
  | 'MOB_HOOK_FAILED'
  | 'MOB_IDEMPOTENCY_MISMATCH'
  | 'MOB_INBOX_FULL'
  | 'MOB_INVALID_TRANSITION'
  | 'MOB_KICKOFF_TIMEOUT'
  | 'MOB_LEASE_HELD'
  | 'MOB_LEASE_LOST'
  | 'MOB_LEDGER_INVALID'
  | 'MOB_LLM_FAILED'
  | 'MOB_MEMBER_BROKEN'
  | 'MOB_MEMBER_EXISTS'
  | 'MOB_MEMBER_NOT_FOUND'
  | 'MOB_MEMORY_UNAVAILABLE'
  | 'MOB_MODULE_CALL_FAILED'
  | 'MOB_MODULE_MCP_REQUIRED'
  | 'MOB_MODULE_NOT_LOADED'
  | 'MOB_MODULE_TIMEOUT'
  | 'MOB_NOT_ADDRESSABLE'
  | 'MOB_PEER_UNREACHABLE'
  | 'MOB_PEER_UNTRUSTED'
  | 'MOB_PLAN_STALE'
  | 'MOB_PLUGIN_CONFLICT'
  | 'MOB_POLICY_INVALID'
  | 'MOB_PROCESS_FAILED'
  | 'MOB_PROFILE_NOT_FOUND'
  | 'MOB_RATE_LIMITED'
  | 'MOB_READY_TIMEOUT'
  | 'MOB_REQUEST_INVALID'
  | 'MOB_ROLLBACK_FAILED'
  | 'MOB_ROUTE_NOT_FOUND'
  | 'MOB_ROUTE_UNRESOLVED'
  | 'MOB_ROUTE_UNTRUSTED'
  | 'MOB_RUN_ACTIVE'
  | 'MOB_RUN_FAILED'
  | 'MOB_SCHEDULE_INVALID'
  | 'MOB_SCHEDULE_NOT_FOUND'
  | 'MOB_SESSION_LIMIT'
  | 'MOB_SESSION_STORE_FAILED'
  | 'MOB_SESSION_UNUSABLE'
  | 'MOB_SHUTTING_DOWN'
  | 'MOB_STORE_LOCKED'
  | 'MOB_STORE_REFUSED'
  | 'MOB_STORE_UNAVAILABLE'
  | 'MOB_TEMPLATE_INVALID'
  | 'MOB_TOOLS_UNAVAILABLE'
  | 'MOB_WIRING_INVALID'
  | `${string}/${string}`;

/** Plain data about an error, for whoever handles it: cursors, a field, an owner. JSON-serialisable. */
export type MobErrorDetails = Readonly<Record<string, unknown>>;

/** What a `MobError` says beside its code and message. */
export interface MobErrorOptions {
  /** The failure underneath, kept whole so that its stack is printed too. */
  readonly cause?: unknown;
  /** True when the same call may succeed if made again unchanged. @defaultValue false */
  readonly retryable?: boolean;
  /** @defaultValue `{}` */
  readonly details?: MobErrorDetails;
}

const brand = Symbol.for('mobkit.MobError');

/**
 * Base of every error mobkit throws on purpose.
 *
 * A programming mistake (a wrong argument, a call after close) is a `TypeError`: nobody should catch those.
 */
export class MobError extends Error {
  readonly code: MobErrorCode;
  readonly retryable: boolean;
  readonly details: MobErrorDetails;
  readonly [brand] = true;

  constructor(code: MobErrorCode, message: string, options: MobErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.name = new.target.name;
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.details = options.details ?? {};
  }
}

/** True for a MobError from any copy of this package, which `instanceof` is not. */
export function isMobError(value: unknown, code?: MobErrorCode): value is MobError {
  return (
    value instanceof Error && brand in value && (code === undefined || (value as MobError).code === code)
  );
}
