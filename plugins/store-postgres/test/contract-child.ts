// What the contract tests load in a process of its own.

import { openPostgresStores, type PostgresStores } from '@mobkit/store-postgres';

export function open(schema: string): Promise<PostgresStores> {
  return openPostgresStores({ connectionString: process.env['MOBKIT_TEST_POSTGRES_URL'] ?? '', schema });
}
