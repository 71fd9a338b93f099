import type { StorageSupports } from '../../storage.js';
import type { AuthPolicy, ConsolePolicy } from './console-access.js';
import { checkOpsPolicy, type RuntimeOpsPolicy } from './ops-policy.js';
import { checkReleaseMetadata, parseReleaseMetadata, type ReleaseMetadata } from './release-metadata.js';
import { type ParseToml, parseTrustedModules, type TrustedModule } from './trusted-modules.js';
import { checkTrustedOidc, type TrustedOidc } from './trusted-oidc.js';
import { checkWarehouseNaming, type WarehouseNaming } from './warehouse-naming.js';

/** What is decided about a runtime before there is one. */
export interface RuntimeDecisionInputs {
  readonly warehouse: WarehouseNaming;
  /** A manifest, as `parseTrustedModules` reads it. */
  readonly trustedModulesToml: string;
  /** Kept as it is: whom it lets in is asked of `checkConsoleAccess`. */
  readonly auth: AuthPolicy;
  readonly console: ConsolePolicy;
  readonly trustedOidc: TrustedOidc;
  readonly ops: RuntimeOpsPolicy;
  /** As `parseReleaseMetadata` reads it. */
  readonly releaseMetadataJson: string;
}

/** The same, checked and read. */
export interface RuntimeDecisionState extends Omit<
  RuntimeDecisionInputs,
  'trustedModulesToml' | 'releaseMetadataJson'
> {
  readonly modules: readonly TrustedModule[];
  readonly releaseMetadata: ReleaseMetadata;
}

/** What decisions are read with. */
export interface RuntimeDecisionOptions {
  readonly parseToml: ParseToml;
  /** How many processes the storage lets in. @defaultValue `one` */
  readonly processes?: StorageSupports['processes'];
}

/**
 * Checks everything, and tells of the first that does not hold: the names of the warehouse, modules, operation, the
 * metadata of the release (read, then checked), the audience, the discovery document, the key set.
 *
 * @throws MobError `MOB_POLICY_INVALID` (`details.reason`: a `PolicyProblem`).
 */
export function buildRuntimeDecisionState(
  inputs: RuntimeDecisionInputs,
  { parseToml, processes = 'one' }: RuntimeDecisionOptions,
): RuntimeDecisionState {
  const { trustedModulesToml, releaseMetadataJson, ...kept } = inputs;
  checkWarehouseNaming(kept.warehouse);
  const modules = parseTrustedModules(trustedModulesToml, parseToml);
  checkOpsPolicy(kept.ops, { processes });
  const releaseMetadata = parseReleaseMetadata(releaseMetadataJson);
  checkReleaseMetadata(releaseMetadata);
  checkTrustedOidc(kept.trustedOidc);
  return { ...kept, modules, releaseMetadata };
}
