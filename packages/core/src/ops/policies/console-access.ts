import { policyInvalid } from './policy-invalid.js';

/** Who says who somebody is. */
export type AuthProvider =
  | 'google_oauth'
  | 'github_oauth'
  | 'generic_oidc'
  | 'service_identity'
  | 'test_provider';

/** Who may come in, and who says who they are. */
export interface AuthPolicy {
  /** @defaultValue `google_oauth` */
  readonly defaultProvider?: AuthProvider;
  /** Who may come in; case does not count. @defaultValue nobody */
  readonly emailAllowlist?: readonly string[];
}

/** What the console asks of somebody before it shows anything. */
export interface ConsolePolicy {
  /** Whether somebody has to be known. @defaultValue true */
  readonly requireAppAuth?: boolean;
}

/** Who asks, as a provider has proved it. */
export interface ConsoleCaller {
  readonly provider: AuthProvider;
  /** Of a service: `svc:` and its name. */
  readonly email: string;
}

const SPELLINGS: Readonly<Record<string, AuthProvider>> = {
  google_oauth: 'google_oauth',
  google_o_auth: 'google_oauth',
  github_oauth: 'github_oauth',
  git_hub_o_auth: 'github_oauth',
  generic_oidc: 'generic_oidc',
  service_identity: 'service_identity',
  test_provider: 'test_provider',
};

const SERVICE = 'svc:';

/** The provider of a name, also in the older spellings `google_o_auth` and `git_hub_o_auth`; undefined for none. */
export function authProviderOf(name: string): AuthProvider | undefined {
  return Object.hasOwn(SPELLINGS, name) ? SPELLINGS[name] : undefined;
}

/**
 * Whether somebody may use the console: returns when they may.
 *
 * @throws MobError `MOB_POLICY_INVALID`, with why not as its reason.
 */
export function checkConsoleAccess(
  { provider, email }: ConsoleCaller,
  { defaultProvider = 'google_oauth', emailAllowlist = [] }: AuthPolicy,
  { requireAppAuth = true }: ConsolePolicy,
): void {
  if (!requireAppAuth) return;
  const details = { provider, email };
  const isAllowed = emailAllowlist.some((one) => spelled(one) === spelled(email));
  if (provider === 'service_identity') {
    const name = spelled(email);
    if (!name.startsWith(SERVICE) || name.length === SERVICE.length) {
      const what = `"${email}" is no service: it is called ${SERVICE} and a name`;
      throw policyInvalid('service_identity_invalid', what, details);
    }
    if (isAllowed) return;
    throw policyInvalid('service_identity_not_allowed', `The service "${email}" is not allowed in`, details);
  }
  if (provider !== defaultProvider) {
    const what = `"${provider}" is not the provider asked here: that is "${defaultProvider}"`;
    throw policyInvalid('provider_mismatch', what, details);
  }
  if (provider === 'test_provider') {
    throw policyInvalid('provider_unsupported', 'The provider for tests lets nobody in', details);
  }
  if (!isAllowed) throw policyInvalid('email_not_allowed', `"${email}" is not allowed in`, details);
}

function spelled(email: string): string {
  return email.trim().toLowerCase();
}
