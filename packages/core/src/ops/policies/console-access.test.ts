import { expect, it } from 'vitest';

import { authProviderOf, checkConsoleAccess, type ConsoleCaller } from './console-access.js';

const policy = { emailAllowlist: ['Ann@Example.com', 'svc:relay'] };
const ann: ConsoleCaller = { provider: 'google_oauth', email: ' ann@example.COM' };
const service = (email: string): ConsoleCaller => ({ provider: 'service_identity', email });

it('[policies.console-access] lets in who is allowed, however the address is spelled, and anybody without auth', () => {
  expect(() => checkConsoleAccess(ann, policy, {})).not.toThrow();
  expect(() => checkConsoleAccess(service('SVC:Relay'), policy, {})).not.toThrow();
  const nobody: ConsoleCaller = { provider: 'test_provider', email: '' };
  expect(() => checkConsoleAccess(nobody, {}, { requireAppAuth: false })).not.toThrow();
  const other = { ...policy, defaultProvider: 'github_oauth' } as const;
  expect(() => checkConsoleAccess({ ...ann, provider: 'github_oauth' }, other, {})).not.toThrow();
});

it.each<[reason: string, caller: ConsoleCaller, defaultProvider?: ConsoleCaller['provider']]>([
  ['service_identity_invalid', service('relay')],
  ['service_identity_invalid', service('svc:')],
  ['service_identity_not_allowed', service('svc:other')],
  ['provider_mismatch', { ...ann, provider: 'generic_oidc' }],
  ['provider_mismatch', { ...ann, provider: 'test_provider' }],
  ['provider_unsupported', { ...ann, provider: 'test_provider' }, 'test_provider'],
  ['email_not_allowed', { ...ann, email: 'bob@example.com' }],
  ['email_not_allowed', { ...ann, email: '' }],
])('[policies.console-access] keeps others out: %s of %j', (reason, caller, defaultProvider) => {
  expect(() =>
    checkConsoleAccess(caller, { ...policy, ...(defaultProvider && { defaultProvider }) }, {}),
  ).toThrow(
    expect.objectContaining({
      code: 'MOB_POLICY_INVALID',
      details: { reason, provider: caller.provider, email: caller.email },
    }) as Error,
  );
});

it('[policies.providers] knows a provider by its name, and by the one it had', () => {
  const names = ['google_oauth', 'google_o_auth', 'git_hub_o_auth', 'generic_oidc', 'toString'];
  expect(names.map(authProviderOf)).toEqual([
    'google_oauth',
    'google_oauth',
    'github_oauth',
    'generic_oidc',
    undefined,
  ]);
});
