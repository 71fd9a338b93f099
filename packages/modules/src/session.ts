import type { Clock, JsonValue, MobError } from '@mobkit/core';
import type { ModuleEventListener } from '@mobkit/core/ops';

import type { Deadline } from './deadline.js';
import type { ProcessDeps, ProcessEnd } from './process-group.js';
import type { ProgramSpec } from './program-spec.js';

/** One process of a module, from its start to its end, and what is said with it. */
export interface Session {
  readonly pid: number | undefined;
  readonly stderrTail: readonly string[];
  /** Resolves when the process and its group are gone. Never rejects. */
  readonly ended: Promise<ProcessEnd>;

  /**
   * Resolves when it is ready to be asked; what it said of itself has been told then.
   *
   * @throws MobError why it is not; something of it may be left then, which `end` ends.
   */
  open(deadline: Deadline): Promise<void>;

  /** Sorted. */
  tools(): readonly string[];

  /** As `ModuleHost.call`. */
  ask(method: string, params: JsonValue, deadline: Deadline): Promise<JsonValue>;

  /** Ends it within `graceMs`. False when it could not be ended. What is under way fails. Never rejects. */
  end(graceMs: number): Promise<boolean>;
}

export interface SessionDeps {
  readonly moduleId: string;
  readonly program: ProgramSpec;
  readonly clock: Clock;
  /** How often it is asked whether it is still there. Absent: only when it has not answered something else. */
  readonly pingIntervalMs?: number;
  readonly kill?: NonNullable<ProcessDeps['kill']>;
  readonly tell: ModuleEventListener;
  /** Told what is wrong with it and can be lived with. */
  readonly warn: (error: MobError) => void;
  /** Told once, when one that was open is of no use any more; its process may still run. */
  readonly onLost: (error: MobError, end?: ProcessEnd) => void;
}
