import { expect, it } from 'vitest';

import { parseArguments } from '../cli/parse-arguments.js';
import { parseAppConfig } from './app-config.js';

const gatingOf = (gating: object) => parseAppConfig({ gating }, 'mobkit.config.toml').gating;

it('[gating.config] takes who may approve, how many have to, and how calls of tools are asked about', () => {
  expect(gatingOf({})).toEqual({ calls: {} });
  const notify = { recipient: 'ops', channel: 'approvals' };
  expect(gatingOf({ approvers: [' ann ', 'bob'], quorum: 2, tools: { notify, timeout_ms: 5 } })).toEqual({
    approvers: ['ann', 'bob'],
    quorum: 2,
    calls: { notify, timeoutMs: 5 },
  });
});

it.each([
  [{ approvers: ['ann'], quorum: 2 }, 'is more than there are approvers'],
  [{ approvers: ['ann', ' ann '], quorum: 2 }, 'is more than there are approvers'],
  [{ approvers: [] }, 'gating.approvers'],
  [{ quorum: 0 }, 'gating.quorum'],
  [{ tools: { notify: { recipient: 'ops' } } }, 'gating.tools.notify.channel'],
  [{ approver: 'ann' }, 'approver'],
])('[gating.config] refuses %j', (gating, message) => {
  expect(() => gatingOf(gating)).toThrow(message);
});

it('[gating.arguments] reads what is asked and decided, in the name of this user where nobody is named', () => {
  const common = { state: '.mobkit', json: false };
  expect(parseArguments(['approvals', '--json'])).toEqual({ ...common, json: true, name: 'approvals' });
  expect(parseArguments(['approve', 'p-1'])).toEqual({
    ...common,
    name: 'approve',
    pendingId: 'p-1',
    by: expect.stringMatching(/./),
  });
  expect(parseArguments(['reject', 'p-1', '--by', 'bob', '--reason', 'no'])).toEqual({
    ...common,
    name: 'reject',
    pendingId: 'p-1',
    by: 'bob',
    reason: 'no',
  });
  expect(parseArguments(['audit', '--limit', '7'])).toEqual({ ...common, name: 'audit', limit: 7 });
  for (const limit of ['0', '501', 'x']) {
    expect(() => parseArguments(['audit', '--limit', limit])).toThrow('--limit');
  }
  expect(() => parseArguments(['approve'])).toThrow('approve needs 1 argument');
});
