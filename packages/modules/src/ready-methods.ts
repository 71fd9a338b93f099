import { MobError } from '@mobkit/core';

/**
 * What a module says in the payload of its first event that it can be asked for, sorted; undefined when it does not say. A
 * `contract_version` that it names must be one.
 *
 * @throws MobError `MOB_EVENT_INVALID` (`details.field`).
 */
export function readyMethods(payload: unknown): readonly string[] | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined;
  const { contract_version: version, methods } = payload as Readonly<Record<string, unknown>>;
  if (version !== undefined && !(typeof version === 'string' && version.trim() !== '')) {
    throw wrongType('contract_version');
  }
  if (methods === undefined) return undefined;
  if (!Array.isArray(methods) || !methods.every((one) => typeof one === 'string')) throw wrongType('methods');
  return methods.toSorted();
}

function wrongType(field: string): MobError {
  return new MobError('MOB_EVENT_INVALID', `${field} of its first event is of the wrong type`, {
    details: { reason: 'invalid_field_type', field },
  });
}
