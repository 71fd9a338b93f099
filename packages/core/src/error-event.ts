/**
 * A failure that no caller waits for, as an operator is told of it. `category` and the fields are those of the wire;
 * categories may be added within a major version.
 */
export type ErrorEvent =
  | {
      readonly category: 'spawn_failure';
      readonly memberId: string;
      readonly profile: string;
      readonly error: string;
    }
  /** A reconcile left something undone: how many items failed, and how many edges have no member at an end. */
  | { readonly category: 'reconcile_incomplete'; readonly failures: number; readonly skipped: number }
  | { readonly category: 'rediscover_failure'; readonly error: string }
  /** A source of the desired shape cannot be asked or followed, or a reconcile it asks for cannot begin. */
  | { readonly category: 'discovery_failure'; readonly error: string }
  /** Members or wires that we keep are gone, and nobody asked us to take them away. */
  | {
      readonly category: 'drift';
      readonly members: readonly string[];
      readonly edges: readonly { readonly a: string; readonly b: string }[];
    }
  | { readonly category: 'host_loop_crash'; readonly memberId: string; readonly error: string }
  | { readonly category: 'event_log_flush_failure'; readonly error: string }
  | { readonly category: 'event_log_flush_recovered'; readonly downMs: number }
  | { readonly category: 'event_spool_failure'; readonly error: string }
  /** Events wait in the event log, as its archive does not take them. */
  | { readonly category: 'event_archive_failure'; readonly error: string }
  /** An event that the archive of the event log refuses is put aside, and those behind it go on. */
  | {
      readonly category: 'event_archive_refused';
      readonly eventId: string;
      readonly seq: number;
      readonly error: string;
    }
  | { readonly category: 'event_archive_recovered'; readonly downMs: number }
  /** What became of sessions waits, as the session store does not take it. */
  | { readonly category: 'session_rows_failure'; readonly error: string }
  | { readonly category: 'session_rows_recovered'; readonly downMs: number }
  | { readonly category: 'turn_lost'; readonly memberId: string; readonly error: string }
  | { readonly category: 'member_broken'; readonly memberId: string; readonly error: string }
  | { readonly category: 'payload_unserialisable'; readonly memberId: string; readonly error: string }
  | { readonly category: 'store_failure'; readonly error: string }
  /** A member that was idle for long could not be retired; it is tried again as long afterwards. */
  | { readonly category: 'retire_failure'; readonly memberId: string; readonly error: string }
  /** Another engine has the mob, or asked for it: this one steps down. Without `owner` nobody knows who. */
  | { readonly category: 'lease_lost'; readonly owner?: string; readonly error: string }
  /** A hook of the host threw or did not answer in time; what it was called about stands. */
  | { readonly category: 'hook_failure'; readonly hook: string; readonly error: string };

/** Told of every `ErrorEvent`. Must not throw and is not waited for. */
export type ErrorHook = (event: ErrorEvent) => void;
