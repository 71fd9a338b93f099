import type { AgentBudget, AgentErrorClass, AgentEventPayload, TerminalCause, Usage } from '@mobkit/core/mob';

import { addUsage } from './add-usage.js';

/** What a member has used up. */
export interface Use {
  readonly usage: Usage;
  readonly durationMs: number;
  readonly toolCalls: number;
}

export const NOTHING_USED: Use = {
  usage: { input_tokens: 0, output_tokens: 0 },
  durationMs: 0,
  toolCalls: 0,
};

export function addUse(one: Use, other: Use): Use {
  return {
    usage: addUsage(one.usage, other.usage),
    durationMs: one.durationMs + other.durationMs,
    toolCalls: one.toolCalls + other.toolCalls,
  };
}

/** Why a run must end. */
export interface Overrun {
  readonly errorClass: AgentErrorClass;
  readonly error: string;
  readonly cause: TerminalCause;
}

type BudgetType = Extract<AgentEventPayload, { type: 'budget_warning' }>['budget_type'];

const WARNING_PERCENT = 80;

/** Watches, for one run, what its member may use up in its life. */
export class Budget {
  readonly #limits: readonly (readonly [BudgetType, number, (use: Use) => number])[];
  readonly #before: Use;
  readonly #emit: (payload: AgentEventPayload) => void;
  readonly #warned = new Set<BudgetType>();

  /** @param before - What was used up by earlier runs. */
  constructor(budget: AgentBudget, before: Use, emit: (payload: AgentEventPayload) => void) {
    const all = [
      ['tokens', budget.maxTokens, ({ usage }) => usage.input_tokens + usage.output_tokens],
      ['time', budget.maxDurationMs, ({ durationMs }) => durationMs],
      ['tool_calls', budget.maxToolCalls, ({ toolCalls }) => toolCalls],
    ] as const satisfies readonly (readonly [BudgetType, number | undefined, (use: Use) => number])[];
    this.#limits = all.flatMap(([type, limit, of]) =>
      limit === undefined ? [] : [[type, limit, of] as const],
    );
    this.#before = before;
    this.#emit = emit;
    for (const [type, limit, of] of this.#limits) {
      if (percentOf(of(before), limit) >= WARNING_PERCENT) this.#warned.add(type);
    }
  }

  /** Warns when a limit comes near, and answers why the run must end when one is reached. */
  check(inRun: Use): Overrun | undefined {
    if (this.#limits.length === 0) return undefined;
    const use = addUse(this.#before, inRun);
    for (const [type, limit, of] of this.#limits) {
      const used = of(use);
      const percent = percentOf(used, limit);
      const over = used >= limit;
      if (over || (percent >= WARNING_PERCENT && !this.#warned.has(type))) {
        this.#warned.add(type);
        this.#emit({ type: 'budget_warning', budget_type: type, used, limit, percent });
      }
      if (over) {
        const cause = type === 'time' ? 'time_budget_exceeded' : 'budget_exhausted';
        return { errorClass: 'budget', error: `The budget of ${limit} ${NAMES[type]} is used up`, cause };
      }
    }
    return undefined;
  }
}

const NAMES = { tokens: 'tokens', time: 'ms', tool_calls: 'tool calls' } as const;

function percentOf(used: number, limit: number): number {
  return limit <= 0 ? 100 : Math.floor((used / limit) * 100);
}
