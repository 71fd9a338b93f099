import { errorText } from '../error-text.js';
import { MobError } from '../errors.js';
import type { JsonObject } from '../json-value.js';

/** What a program says of itself before it is talked to. */
export interface ModuleCapabilities {
  /** Of the contract that it speaks, e.g. `0.4.0`. Not blank. */
  readonly contractVersion: string;
  /** Everything it said, `contract_version` too, as it said it. */
  readonly said: JsonObject;
}

/** `details.reason` of the error for a line that says nothing of the kind. */
export type CapabilityProblem =
  | 'invalid_json'
  | 'invalid_schema'
  | 'missing_contract_version'
  | 'invalid_contract_version';

/**
 * Reads the line in which a program says what it can do: an object with a `contract_version` and whatever else it wants
 * to tell.
 *
 * @throws MobError `MOB_EVENT_INVALID` (`details.reason`: a `CapabilityProblem`).
 */
export function parseCapabilityLine(line: string): ModuleCapabilities {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw invalid('invalid_json', `not JSON: ${errorText(cause)}`, cause);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid('invalid_schema', 'not an object');
  }
  const said = value as JsonObject;
  const { contract_version: contractVersion } = said;
  if (contractVersion === undefined) throw invalid('missing_contract_version', 'contract_version is missing');
  if (typeof contractVersion !== 'string' || contractVersion.trim() === '') {
    throw invalid('invalid_contract_version', 'contract_version is not text, or blank');
  }
  return { contractVersion, said };
}

function invalid(reason: CapabilityProblem, what: string, cause?: unknown): MobError {
  return new MobError('MOB_EVENT_INVALID', `Not a line of capabilities: ${what}`, {
    ...(cause !== undefined && { cause }),
    details: { reason },
  });
}
