import type { Fields, Storage, StoredRecord } from '@mobkit/core';

import { inputsDefinition } from './input.js';

/** Every message that is kept under these fields, of whatever incarnation, by key. @throws what the storage throws. */
export async function* listInputs(
  storage: Storage,
  where: Fields,
): AsyncGenerator<StoredRecord, void, undefined> {
  const inputs = storage.records(inputsDefinition);
  for (let afterKey = '', more = true; more;) {
    const page = await inputs.list({ where, afterKey });
    yield* page.records;
    afterKey = page.records.at(-1)?.key ?? afterKey;
    ({ more } = page);
  }
}
