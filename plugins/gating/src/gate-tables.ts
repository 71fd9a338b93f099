import { type LogDefinition, type RecordsDefinition, scopedName } from '@mobkit/core';

/** Where a `Storage` keeps what a gate knows. */
export interface GateTables {
  /** What waits for somebody, and what was decided about calls that have not read it yet. */
  readonly approvals: RecordsDefinition;
  /** What was decided, by whom and why. */
  readonly audit: LogDefinition;
}

/** The tables of a scope, so that nobody decides about what others want done, or tells of it. */
export function gateTables(scope?: string): GateTables {
  return {
    approvals: { kind: 'records', name: scopedName('gate_approvals', scope), fields: { status: 'text' } },
    audit: {
      kind: 'log',
      name: scopedName('gate_audit', scope),
      fields: { action_id: 'text', pending_id: 'text', event_type: 'text' },
    },
  };
}
