import { errorText } from '../../error-text.js';
import { isPlainObject } from '../../copy-json.js';
import { policyInvalid } from './policy-invalid.js';

/** What is said of a release. */
export interface ReleaseMetadata {
  /** Where it is published. */
  readonly targets: readonly string[];
  /** Which platforms it is for. */
  readonly supportMatrix: string;
}

const REQUIRED = ['crates.io', 'npm', 'pypi', 'github-releases'] as const;
const SUPPORT_MATRIX = 'same-as-meerkat';

/** Reads `{"targets", "support_matrix"}`. @throws MobError `MOB_POLICY_INVALID` for what is not that. */
export function parseReleaseMetadata(json: string): ReleaseMetadata {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch (cause) {
    const what = `The metadata of the release are not JSON: ${errorText(cause)}`;
    throw policyInvalid('release_json_invalid', what, {}, cause);
  }
  if (!isPlainObject(parsed)) throw shape('release', 'is not an object');
  const { targets, support_matrix: supportMatrix } = parsed;
  if (!Array.isArray(targets) || !targets.every((one) => typeof one === 'string')) {
    throw shape('targets', 'is not a list of texts');
  }
  if (typeof supportMatrix !== 'string') throw shape('support_matrix', 'is not text');
  return { targets, supportMatrix };
}

/**
 * Refuses metadata with a target twice, without one of those every release has, or with another support matrix, in this
 * order. More targets than those may be named.
 *
 * @throws MobError `MOB_POLICY_INVALID`.
 */
export function checkReleaseMetadata({ targets, supportMatrix }: ReleaseMetadata): void {
  const twice = targets.find((target, at) => targets.indexOf(target) !== at);
  if (twice !== undefined) {
    const details = { field: 'targets', target: twice };
    throw policyInvalid('release_target_duplicate', `The release names "${twice}" twice`, details);
  }
  const missing = REQUIRED.find((target) => !targets.includes(target));
  if (missing !== undefined) {
    const details = { field: 'targets', target: missing };
    throw policyInvalid('release_target_missing', `The release does not name "${missing}"`, details);
  }
  if (supportMatrix !== SUPPORT_MATRIX) {
    const what = `The support matrix is "${supportMatrix}", and not "${SUPPORT_MATRIX}"`;
    throw policyInvalid('support_matrix_invalid', what, { field: 'support_matrix' });
  }
}

function shape(field: string, what: string) {
  return policyInvalid('release_shape_invalid', `${field} ${what}`, { field });
}
