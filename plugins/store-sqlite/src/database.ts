import { pathToFileURL } from 'node:url';

import Database from 'libsql';
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';

export type Value = string | number | null;

/** A row, by column. */
export type Row = Readonly<Record<string, Value>>;

/** Definitions make tables at run time, so the columns of one are known only to whoever asks for it. */
type Tables = Record<string, Row>;

/** Builds queries. What runs them is a `Session`, because the driver is synchronous and kysely's are not. */
export const build = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

/** What a query compiles to. Its text names all that makes it another statement; what varies is in the parameters. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** What may be done inside a transaction. */
export interface Session {
  /** Runs a statement and returns all its rows. */
  all(statement: Statement): readonly Row[];
  /** As `all`, each row the values of its columns in their order: a third cheaper for many rows. */
  arrays(statement: Statement): readonly (readonly Value[])[];
  /** Runs a statement and returns how many rows it changed. */
  run(statement: Statement): number;
}

/** What we use of the driver's statements, whose own types want the parameters spread. */
interface Prepared {
  all(parameters: readonly Value[]): readonly Row[];
  run(parameters: readonly Value[]): { readonly changes: number };
}

/** How long one waits for a lock that another process holds for a moment, e.g. a reader that recovers the WAL. */
const BUSY_TIMEOUT_MS = 1_000;

/** Statements kept prepared, of each kind; the shapes of queries are few. */
const MAX_STATEMENTS = 256;

/** One SQLite connection. Everything it does is done when a method returns. */
export class SqliteDatabase implements Session {
  readonly #database: Database.Database;
  // By their text alone: a key made for each call would cost as much as running many of them.
  readonly #statements = { objects: new Map<string, Prepared>(), arrays: new Map<string, Prepared>() };

  constructor(url: string) {
    this.#database = new Database(url, { timeout: BUSY_TIMEOUT_MS });
  }

  all({ sql, parameters }: Statement): readonly Row[] {
    return this.#prepared(sql).all(bindable(parameters));
  }

  arrays({ sql, parameters }: Statement): readonly (readonly Value[])[] {
    const prepared = this.#prepared(sql, 'arrays').all(bindable(parameters));
    return prepared as unknown as readonly (readonly Value[])[];
  }

  run({ sql, parameters }: Statement): number {
    return this.#prepared(sql).run(bindable(parameters)).changes;
  }

  /** Runs statements that take and return nothing. */
  exec(sql: string): void {
    this.#database.exec(sql);
  }

  /** Reads a pragma that answers one number. */
  pragma(name: 'data_version' | 'user_version'): number {
    const [row] = this.all({ sql: `pragma ${name}`, parameters: [] });
    return Number(row?.[name]);
  }

  /** All of `work` or nothing. `deferred` for reading: every query in it sees one moment. */
  transaction<T>(mode: 'deferred' | 'immediate', work: (session: Session) => T): T {
    this.exec(`begin ${mode}`);
    try {
      const result = work(this);
      this.exec('commit');
      return result;
    } catch (error) {
      // SQLite has rolled back by itself after some failures, a full disk among them.
      if (this.#database.inTransaction) this.exec('rollback');
      throw error;
    }
  }

  close(): void {
    for (const statements of Object.values(this.#statements)) statements.clear();
    this.#database.close();
  }

  #prepared(sql: string, rows: 'arrays' | 'objects' = 'objects'): Prepared {
    const statements = this.#statements[rows];
    const kept = statements.get(sql);
    if (kept) return kept;
    const [oldest] = statements.keys();
    if (oldest !== undefined && statements.size >= MAX_STATEMENTS) statements.delete(oldest);
    const statement = this.#database.prepare(sql);
    const prepared = (rows === 'arrays' ? statement.raw() : statement) as unknown as Prepared;
    statements.set(sql, prepared);
    return prepared;
  }
}

/** The name of a file for SQLite. `immutable`: nobody changes it while it is open, so no lock and no WAL is needed. */
export function fileUrl(file: string, mode: 'rw' | 'ro' | 'immutable'): string {
  const { href } = pathToFileURL(file);
  return mode === 'immutable' ? `${href}?mode=ro&immutable=1` : `${href}?mode=${mode}`;
}

/** The driver ends the process when it is given anything else. One array: what it takes as the list of parameters. */
function bindable(values: readonly unknown[]): readonly Value[] {
  for (const value of values) {
    if (value !== null && typeof value !== 'string' && typeof value !== 'number') {
      throw new TypeError(`SQLite cannot keep a ${typeof value}`);
    }
  }
  return values as readonly Value[];
}
