import type { WirePendingApproval } from '@mobkit/rpc';
import { expect, it } from 'vitest';

import { pendingLine } from './pending-line.js';

const pending: WirePendingApproval = {
  pending_id: 'p-1',
  action_id: 'a-1',
  action: 'shell',
  actor_id: 'kim',
  risk_tier: 'r3',
  requested_approver: null,
  approval_recipient: null,
  approval_channel: null,
  approval_route_id: null,
  approval_delivery_id: null,
  created_at_ms: 0,
  deadline_at_ms: 60_000,
};

it('[gating.shown-whole] shows the arguments that somebody decides about as they are, with what cannot be seen in them', () => {
  const command = 'rm  -rf ./tmp\u202E/\u200B\u2028\u0007 done';
  const line = pendingLine({ ...pending, call: { tool: 'shell', args: { command } } });
  expect(line).toBe(
    'p-1 until 1970-01-01T00:01:00.000Z kim: shell [r3] {"command":"rm  -rf ./tmp\\u202e/\\u200b\\u2028\\u0007 done"}',
  );
  expect(JSON.parse(line.slice(line.indexOf('{')))).toEqual({ command });
});

it('[gating.shown-whole] shows who has approved already, and who is to', () => {
  expect(pendingLine({ ...pending, requested_approver: 'ann', approved_by: ['bob', 'cy'] })).toBe(
    'p-1 until 1970-01-01T00:01:00.000Z (for ann) (approved by bob, cy) kim: shell [r3]',
  );
});
