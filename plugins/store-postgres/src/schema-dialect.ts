import {
  type Dialect,
  type Kysely,
  PostgresDialect,
  type PostgresPool,
  type SchemaMetadata,
  sql,
  type TableMetadata,
} from 'kysely';

/**
 * The dialect of Postgres, which sees one schema and of its tables no more than their names: that is what migrating asks.
 * Kysely's own looks at every column of every schema, which takes seconds in a database of many, and fails when somebody
 * drops any of them meanwhile.
 */
export function schemaDialect(pool: PostgresPool, schema: string): Dialect {
  const postgres = new PostgresDialect({ pool });
  return {
    createAdapter: () => postgres.createAdapter(),
    createDriver: () => postgres.createDriver(),
    createQueryCompiler: () => postgres.createQueryCompiler(),
    createIntrospector(db: Kysely<unknown>) {
      const getTables = () => tablesOf(db, schema);
      return {
        getSchemas: () => schemasOf(db, schema),
        getTables,
        getMetadata: async () => ({ tables: await getTables() }),
      };
    },
  };
}

async function schemasOf(db: Kysely<unknown>, schema: string): Promise<SchemaMetadata[]> {
  const query = sql<SchemaMetadata>`select nspname as name from pg_catalog.pg_namespace where nspname = ${schema}`;
  return (await query.execute(db)).rows;
}

async function tablesOf(db: Kysely<unknown>, schema: string): Promise<TableMetadata[]> {
  const query = sql<{ readonly name: string }>`
    select relname as name from pg_catalog.pg_class
    where relkind in ('r', 'p') and relnamespace = (select oid from pg_catalog.pg_namespace where nspname = ${schema})`;
  const { rows } = await query.execute(db);
  return rows.map(({ name }) => ({ name, schema, isView: false, columns: [] }));
}
