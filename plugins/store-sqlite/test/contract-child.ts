// What the contract tests load in a process of its own.

import { openSqliteStores, type SqliteStores } from '@mobkit/store-sqlite';

export function open(directory: string): Promise<SqliteStores> {
  return openSqliteStores({ directory });
}
