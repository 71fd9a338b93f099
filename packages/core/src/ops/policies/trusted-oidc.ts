import { errorText } from '../../error-text.js';
import { isPlainObject } from '../../copy-json.js';
import { policyInvalid, type PolicyProblem } from './policy-invalid.js';

/** What is trusted of an issuer of tokens, so that nobody has to be asked for it. */
export interface TrustedOidc {
  /** Its discovery document. */
  readonly discoveryJson: string;
  /** Its key set. */
  readonly jwksJson: string;
  /** For whom its tokens are. */
  readonly audience: string;
}

/**
 * Looks at the audience, then at the discovery document (`issuer`, `jwks_uri`), then at the key set (a key at least).
 *
 * @throws MobError `MOB_POLICY_INVALID`.
 */
export function checkTrustedOidc({ discoveryJson, jwksJson, audience }: TrustedOidc): void {
  if (audience.trim() === '') {
    throw policyInvalid('audience_empty', 'There is no audience', { field: 'audience' });
  }
  const discovery = parsed('oidc_discovery_invalid', 'discovery_json', discoveryJson);
  for (const field of ['issuer', 'jwks_uri']) {
    const value = discovery[field];
    if (typeof value === 'string' && value.trim() !== '') continue;
    const what = `The discovery document has no ${field}`;
    throw policyInvalid('oidc_discovery_invalid', what, { field: `discovery_json.${field}` });
  }
  const { keys } = parsed('jwks_invalid', 'jwks_json', jwksJson);
  if (!Array.isArray(keys) || keys.length === 0) {
    throw policyInvalid('jwks_invalid', 'The key set has no keys', { field: 'jwks_json.keys' });
  }
}

function parsed(reason: PolicyProblem, field: string, json: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw policyInvalid(reason, `${field} is not JSON: ${errorText(cause)}`, { field }, cause);
  }
  if (isPlainObject(value)) return value;
  throw policyInvalid(reason, `${field} is not an object`, { field });
}
