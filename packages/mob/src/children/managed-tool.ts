import { MobError } from '@mobkit/core';
import type { AgentTool, ToolContext } from '@mobkit/core/mob';
import { z } from 'zod';

import type { LedgerItem } from '../ledger/ledger-definition.js';

export interface ManagedToolDeps {
  /** Whether the caller may manage a mob. */
  readonly expectManaged: (mobId: string, context: ToolContext) => boolean;
  readonly record: (item: LedgerItem) => Promise<void>;
}

export interface ManagedToolSpec<Args extends z.ZodType> {
  readonly name: string;
  readonly description: string;
  readonly args: Args;
  /** Whether it changes something, which is recorded when it was done. */
  readonly changes?: true;
  /** Whether it may also be used on the caller's own mob. */
  readonly ownMobToo?: true;
  /** Answers plain data. */
  readonly run: (args: z.output<Args>, context: ToolContext) => Promise<unknown>;
}

/** A tool that looks first at who calls it: a mob that the caller may not manage is refused whatever else was sent. */
export function managedTool<Args extends z.ZodType>(
  { expectManaged, record }: ManagedToolDeps,
  { name, description, args: schema, changes, ownMobToo, run }: ManagedToolSpec<Args>,
): AgentTool {
  return {
    name,
    description,
    inputSchema: z.toJSONSchema(schema) as Readonly<Record<string, unknown>>,
    admit(given, context) {
      const target = mobIdOf(given);
      const own = ownMobToo === true && target === context.mobId;
      if (target !== undefined && !own && !expectManaged(target, context)) {
        const message = `"${context.identity}" may not manage mob "${target}": it did not make it`;
        throw new MobError('MOB_ACCESS_DENIED', message, { details: { mobId: target } });
      }
    },
    async run(given, context) {
      const args = schema.safeParse(given ?? {});
      if (!args.success) throw new TypeError(z.prettifyError(args.error));
      const result = await run(args.data, context);
      if (changes) await record(actionItem(name, context));
      return JSON.stringify(result);
    },
  };
}

function mobIdOf(args: unknown): string | undefined {
  const { mob_id: mobId } = (args ?? {}) as { readonly mob_id?: unknown };
  return typeof mobId === 'string' ? mobId : undefined;
}

function actionItem(tool: string, { mobId, identity, sessionId, interactionId }: ToolContext): LedgerItem {
  const provenance = { caller_session_id: sessionId, caller_mob_id: mobId, caller_member_id: identity };
  return {
    kind: {
      type: 'operator_action_recorded',
      tool_name: tool,
      principal_token: `${mobId}/${identity}`,
      caller_provenance: provenance,
      ...(interactionId !== undefined && { audit_invocation_id: interactionId }),
    },
  };
}
