import type { AgentEventEnvelope } from './agent-event.js';
import type { Content } from './content.js';
import type { MobDefinition } from './definition.js';
import type { MemberSnapshot, SpawnMemberSpec } from './member.js';
import type { HandlingMode, MobComms } from './mob-comms.js';
import type { MobEventsView } from './mob-events-view.js';
import type { MobFlows } from './mob-flows.js';
import type { MobLifecycle } from './mob-lifecycle.js';
import type { MobRoster } from './mob-roster.js';

/** `Creating` is never seen from outside. */
export type MobState = 'Creating' | 'Running' | 'Stopped' | 'Completed' | 'Destroyed';

/**
 * A mob that is open in this process. Commands that change it run one after the other.
 *
 * Every command throws `MOB_INVALID_TRANSITION` before any other check unless the mob is Running (retiring also works while
 * it is Stopped), and
 * `MOB_STORE_UNAVAILABLE` (retryable) when the ledger does not answer. What failed has left nothing behind, unless the
 * answer was lost after the write was kept: the next command finds out, and calling the same again succeeds then.
 */
export interface MobHandle extends MobLifecycle, MobRoster, MobComms, MobFlows {
  readonly mobId: string;
  readonly definition: MobDefinition;
  readonly events: MobEventsView;

  status(): Promise<MobState>;

  /**
   * Lets members begin to work. Until then every message waits, kickoffs and those from before a restart too, so that no
   * agent acts before everything it may need stands, and a bootstrap that fails has had no effect on the world. Calling
   * it again does nothing.
   */
  start(): void;

  /** The roster at this moment, sorted by identity. Never waits. */
  members(): readonly MemberSnapshot[];

  member(identity: string): MemberSnapshot | undefined;

  /**
   * Adds a member, with its session and its automatic wiring, and starts it.
   *
   * @throws MobError `MOB_MEMBER_EXISTS`, `MOB_PROFILE_NOT_FOUND`, `MOB_WIRING_INVALID` (the profile has no comms, or a
   * member knows somebody outside by that name),
   * `MOB_SESSION_LIMIT`; `TypeError` for an identity that is not one, and for labels or texts that are not what they say.
   */
  spawn(spec: SpawnMemberSpec): Promise<MemberSnapshot>;

  /**
   * Interrupts a member, unwires it, ends its session and removes it with every message kept for it. Succeeds when there
   * is no such member. When it fails without knowing, the member stays `retiring` until a command finds out.
   */
  retire(identity: string): Promise<void>;

  /**
   * Lets two members talk to each other. Wiring them again changes nothing.
   *
   * @throws MobError `MOB_MEMBER_NOT_FOUND`, `MOB_MEMBER_BROKEN`, `MOB_WIRING_INVALID` (one member given twice).
   */
  wire(a: string, b: string): Promise<void>;

  /**
   * Delivers a message from outside. Resolves when it is kept for the member, before it is worked on; from then on it
   * survives a crash until its turn begins.
   *
   * @throws MobError `MOB_MEMBER_NOT_FOUND`, `MOB_NOT_ADDRESSABLE`, `MOB_MEMBER_BROKEN`, `MOB_INBOX_FULL` (retryable);
   * `TypeError` for what `checkContent` refuses, and for a sender or an interaction id that is not one.
   */
  send(identity: string, content: Content, options?: SendOptions): Promise<SendReceipt>;

  /**
   * Calls `listener` with every event of every member, also of those spawned later, in the order it happens, before
   * whoever caused it goes on. `listener` must be quick and must not throw. Returns what ends it.
   */
  onAgentEvent(listener: AgentEventListener): () => void;

  /**
   * The events of every member or of one, from this call on: also those of members spawned later and of later incarnations.
   * A reader never holds anybody up: when it is more than `capacity` events behind, the oldest go, and one `stream_truncated`
   * with their number stands in their place. Ends by `signal`, `break`, or when the mob is destroyed or shut down.
   *
   * @throws MobError `MOB_MEMBER_NOT_FOUND` at the call, for an identity that is not in the roster; TypeError for a capacity
   * that is none.
   */
  agentEvents(options?: AgentEventsOptions): AsyncIterable<AgentEventEnvelope>;

  /** Resolves when no turn runs and none will, or when `signal` is aborted: messages of a stopped mob wait. Never rejects. */
  whenIdle(signal?: AbortSignal): Promise<void>;

  /**
   * Takes no more work, lets running turns end for `deadlineMs`, then interrupts them, and leaves the mob in storage for
   * the next to open it. Messages that wait stay kept. Never rejects; a second call gets the first one's report.
   */
  shutdown(options?: { readonly deadlineMs?: number }): Promise<MobShutdownReport>;
}

/** Told what agents do, before whoever caused it goes on: it must be quick and must not throw. */
export type AgentEventListener = (event: AgentEventEnvelope) => void;

/** Whose events to follow, and how many may wait for the reader. */
export interface AgentEventsOptions {
  /** Absent: everybody. */
  readonly identity?: string;
  /** Events that may wait for the reader. @defaultValue what the definition's `event_router` says */
  readonly capacity?: number;
  readonly signal?: AbortSignal;
}

/** Who says something, and how it is to be handled. */
export interface SendOptions {
  /** Travels with the turn and with every peer message it causes; at most 400 characters. @defaultValue a new one */
  readonly interactionId?: string;
  /** Shown to the agent as the sender: one line of at most 400 characters, without `]`. @defaultValue `user` */
  readonly from?: string;
  /** Also to members whose profile is not `external_addressable`: for the system's own messages. @defaultValue false */
  readonly internal?: boolean;
  /** @defaultValue `queue` */
  readonly handlingMode?: HandlingMode;
}

/** That a message was taken and will be read by the session named; not that it was read. */
export interface SendReceipt {
  readonly identity: string;
  readonly sessionId: string;
  readonly interactionId: string;
  /** How it will be read: what was to steer is queued while the first turn of the member is not over. */
  readonly handlingMode: HandlingMode;
}

/** How a mob came to rest. */
export interface MobShutdownReport {
  /** Runs interrupted because they outlasted the deadline, by identity. */
  readonly interrupted: readonly string[];
  /** What went wrong; empty when nothing did. */
  readonly errors: readonly string[];
}
