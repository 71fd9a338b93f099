import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

import { MobError } from '@mobkit/core';
import { openSqliteStores, type SqliteStores } from '@mobkit/store-sqlite';

/**
 * Opens what a state directory holds, to read, for as long as `read` runs. Needs no server and disturbs none.
 *
 * @throws MobError `mobkit/unreachable` when nothing is kept there.
 */
export async function readKeptState<T>(
  stateDirectory: string,
  read: (stores: SqliteStores) => Promise<T>,
): Promise<T> {
  const directory = resolve(stateDirectory);
  if (!existsSync(directory)) {
    throw new MobError(
      'mobkit/unreachable',
      `Nothing is kept in ${directory} and no server runs on it. Start one with \`npm start\`, or name its directory with --state`,
    );
  }
  const stores = await openSqliteStores({ directory, readOnly: true });
  try {
    return await read(stores);
  } finally {
    await stores.close();
  }
}
