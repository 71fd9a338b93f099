import { MobError, type MobErrorDetails } from '../../errors.js';

/** `details.reason` of `MOB_POLICY_INVALID`; `details.field` says where. */
export type PolicyProblem =
  | 'warehouse_dataset_empty'
  | 'warehouse_table_empty'
  /** `details.value` has a character that such a name may not have. */
  | 'warehouse_name_invalid'
  /** The text is not TOML. */
  | 'modules_toml_invalid'
  /** It is TOML, and not a list of modules. */
  | 'modules_shape_invalid'
  | 'module_id_missing'
  | 'module_command_missing'
  /** Two modules are called `details.module`. */
  | 'module_duplicate'
  /** `details.replicas` are more than the storage lets in. */
  | 'replica_count_unsupported'
  | 'slo_targets_unsupported'
  /** The text is not JSON. */
  | 'release_json_invalid'
  /** It is JSON, and not the metadata of a release. */
  | 'release_shape_invalid'
  /** `details.target` is named twice. */
  | 'release_target_duplicate'
  /** `details.target` is not named. */
  | 'release_target_missing'
  | 'support_matrix_invalid'
  | 'audience_empty'
  | 'oidc_discovery_invalid'
  | 'jwks_invalid'
  /** Who asks is not who it says it is, or may not come in: `details.email`, `details.provider`. */
  | 'service_identity_invalid'
  | 'service_identity_not_allowed'
  | 'provider_mismatch'
  | 'provider_unsupported'
  | 'email_not_allowed';

/** Makes the error of a policy that does not hold. */
export function policyInvalid(
  reason: PolicyProblem,
  message: string,
  details: MobErrorDetails = {},
  cause?: unknown,
): MobError {
  return new MobError('MOB_POLICY_INVALID', message, {
    details: { reason, ...details },
    ...(cause !== undefined && { cause }),
  });
}
