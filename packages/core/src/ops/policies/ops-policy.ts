import type { StorageSupports } from '../../storage.js';
import { policyInvalid } from './policy-invalid.js';

/** How a runtime is operated. */
export interface RuntimeOpsPolicy {
  /** Processes on one storage: one runs the mob, the others stand by. @defaultValue 1 */
  readonly replicaCount?: number;
  /** Not there yet, and so refused. @defaultValue false */
  readonly enforceSloTargets?: boolean;
}

/**
 * Whether what the policy asks for is there.
 *
 * @throws MobError `MOB_POLICY_INVALID` for more replicas than the storage lets in, and for what there is not.
 */
export function checkOpsPolicy(
  { replicaCount = 1, enforceSloTargets = false }: RuntimeOpsPolicy,
  { processes }: Pick<StorageSupports, 'processes'>,
): void {
  const isCount = Number.isSafeInteger(replicaCount) && replicaCount >= 1;
  if (!isCount || (replicaCount > 1 && processes === 'one')) {
    const most = processes === 'one' ? 'exactly one, as its storage is for one process' : 'at least one';
    throw policyInvalid('replica_count_unsupported', `There cannot be ${replicaCount} replicas: ${most}`, {
      field: 'replica_count',
      replicas: replicaCount,
    });
  }
  if (enforceSloTargets) {
    throw policyInvalid('slo_targets_unsupported', 'Targets of the service level cannot be enforced', {
      field: 'enforce_slo_targets',
    });
  }
}
