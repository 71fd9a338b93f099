import { isMobError, MobError } from '@mobkit/core';

/** What a part says of a field of its own, under the name that the field has on the wire. @throws what else it throws, as it is. */
export async function onTheWire<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const field = isMobError(error, 'MOB_REQUEST_INVALID') ? error.details['field'] : undefined;
    if (typeof field !== 'string' || !isMobError(error)) throw error;
    const name = field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const details = { ...error.details, field: name };
    throw new MobError(error.code, error.message.replaceAll(field, name), { cause: error, details });
  }
}
