import type { Content } from './content.js';

// Flows are part of a definition and keep its spelling.

/** Work that several members do in steps. */
export interface FlowDefinition {
  readonly description?: string;
  /** By id, in the order they were written. */
  readonly steps: Readonly<Record<string, FlowStep>>;
  /** How the steps hang together; absent: by their own `depends_on`. Names every declared step. */
  readonly root?: FlowFrame;
  readonly [key: string]: unknown;
}

/** One message to the members of a role, and what becomes of their answers. */
export interface FlowStep {
  readonly role: string;
  /**
   * A template: `{{ params.x }}`, `{{ steps.<id>.<identity>.x }}`, `{{ steps.<id>.output_of_single.x }}` for a step that one
   * member answered, `{{ loops.<id>.iterations.<n>.steps.<id>.x }}`. In a loop `steps.<id>` is what the step came to last.
   */
  readonly message: Content;
  readonly depends_on?: readonly string[];
  /** `any`: as soon as one of them completed. @defaultValue `all` */
  readonly depends_on_mode?: 'all' | 'any';
  /** `one_to_one`: the first member only. `fan_in`: every member, outputs as a list. @defaultValue `fan_out` */
  readonly dispatch_mode?: 'fan_out' | 'one_to_one' | 'fan_in';
  /** How many members must succeed. @defaultValue `{ type: 'all' }` */
  readonly collection_policy?: CollectionPolicy;
  /** The step is skipped when it does not hold. */
  readonly condition?: FlowCondition;
  /** For each attempt of each member, in milliseconds; none follows one that took longer. @defaultValue 30000 */
  readonly timeout_ms?: number;
  /** What the step's output must be: a JSON Schema as text (an object), or the path of a file that holds one. */
  readonly expected_schema_ref?: string;
  /** Of the steps of one branch only one completes. */
  readonly branch?: string;
  /** Tools of this turn only; members that work on their own have no such turns. */
  readonly allowed_tools?: readonly string[];
  readonly blocked_tools?: readonly string[];
  /** @defaultValue `json` when `expected_schema_ref` is given, else `text` */
  readonly output_format?: 'json' | 'text';
  /** `continue`: its failure does not fail the run. @defaultValue `escalate` */
  readonly failure_policy?: 'escalate' | 'continue';
  readonly [key: string]: unknown;
}

/** How many answers of a step's targets are waited for: all, the first, or `n` of them. */
export type CollectionPolicy =
  | { readonly type: 'all' }
  | { readonly type: 'any' }
  | { readonly type: 'quorum'; readonly n: number };

/** Nodes by id, in the order they were written. */
export interface FlowFrame {
  readonly nodes: Readonly<Record<string, FlowNode>>;
}

/** A node of a flow: a step, or steps that are repeated. */
export type FlowNode = FlowStepNode | FlowLoopNode;

/** When a step runs: after what, under which condition, and what its failure means for the others. */
export interface FlowStepNode {
  readonly kind: 'step';
  readonly step_id: string;
  readonly depends_on?: readonly string[];
  readonly depends_on_mode?: 'all' | 'any';
  readonly branch?: string;
  readonly failure_policy?: 'escalate' | 'continue';
}

/** Runs its body again and again until a condition holds. */
export interface FlowLoopNode {
  readonly kind: 'repeat_until';
  readonly loop_id: string;
  readonly depends_on?: readonly string[];
  readonly depends_on_mode?: 'all' | 'any';
  readonly body: FlowFrame;
  /** Asked after every iteration. */
  readonly until: FlowCondition;
  /** At least 1; the loop fails when it is used up. */
  readonly max_iterations: number;
  readonly failure_policy?: 'escalate' | 'continue';
}

/** Paths are those of templates, without braces. What is not there yet makes a comparison false. */
export type FlowCondition =
  | { readonly op: 'eq' | 'gt' | 'lt'; readonly path: string; readonly value: unknown }
  | { readonly op: 'in'; readonly path: string; readonly values: readonly unknown[] }
  | { readonly op: 'and' | 'or'; readonly exprs: readonly FlowCondition[] }
  | { readonly op: 'not'; readonly expr: FlowCondition };

/** Which role may be given work by which; the last rule that matches wins, without one it is allowed. */
export interface TopologyPolicy {
  /** `advisory`: a violation is told and the step goes on. `strict`: the run fails. */
  readonly mode: 'advisory' | 'strict';
  readonly rules: readonly {
    /** A profile, or `*` for all. */
    readonly from_role: string;
    readonly to_role: string;
    readonly allowed: boolean;
  }[];
}

/** Who is told when steps fail one after the other. */
export interface SupervisorPolicy {
  readonly role: string;
  /** Steps that failed in a row; 0 tells nobody. @defaultValue 1 */
  readonly escalation_threshold?: number;
  /** For the supervisor's turn, in milliseconds. @defaultValue 30000 */
  readonly escalation_turn_timeout_ms?: number;
  /** `notify`: only tells. `reset`: tells, then retires every member. @defaultValue `notify` */
  readonly on_escalation?: 'notify' | 'reset';
}

/** Guard rails of flows; absent and 0 mean unlimited unless a default is named. */
export interface FlowLimits {
  readonly max_flow_duration_ms?: number;
  /** Attempts after the first. @defaultValue 0 */
  readonly max_step_retries?: number;
  /** Turns left running after their step timed out, in the whole mob; 0 cancels each. @defaultValue 8 */
  readonly max_orphaned_turns?: number;
  /** What a cancelled run gets before it is cut. @defaultValue 5000 */
  readonly cancel_grace_timeout_ms?: number;
  /** Steps of one run under way at once. */
  readonly max_active_nodes?: number;
  /** Loops of one run under way at once; one within another shares its place. */
  readonly max_active_frames?: number;
  /** Loops that may stand inside each other. */
  readonly max_frame_depth?: number;
}
