import { type DuckDBConnection, DuckDBInstance, type DuckDBType, type DuckDBValue } from '@duckdb/node-api';

import { invalidQuery } from './refusal.js';

export interface DuckResult {
  readonly names: readonly string[];
  readonly types: readonly DuckDBType[];
  readonly rows: readonly (readonly DuckDBValue[])[];
  readonly changed: number;
}

/** A database in memory, used by one at a time. */
export class Duck {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  static async open(): Promise<Duck> {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    const connection = await instance.connect();
    await connection.run(`SET TimeZone = 'UTC'; SET default_null_order = 'nulls_first_on_asc_last_on_desc'`);
    return new Duck(instance, connection);
  }

  /** Does this when everything that was asked for before is done. Nothing in it may wait for its own turn. */
  alone<Of>(work: () => Promise<Of>): Promise<Of> {
    const done = this.#last.then(work, work);
    this.#last = done.catch(() => {});
    return done;
  }

  /** All of it, or when it fails nothing. */
  async transaction<Of>(work: () => Promise<Of>): Promise<Of> {
    await this.#connection.run('BEGIN');
    try {
      const done = await work();
      await this.#connection.run('COMMIT');
      return done;
    } catch (error) {
      await this.#connection.run('ROLLBACK');
      throw error;
    }
  }

  /** @throws Refusal `invalidQuery` when DuckDB refuses it: what it gets is written from a statement. */
  async run(sql: string, values: readonly string[] = []): Promise<DuckResult> {
    try {
      const reader = await this.#connection.runAndReadAll(sql, [...values]);
      return {
        names: reader.columnNames(),
        types: reader.columnTypes(),
        rows: reader.getRows(),
        changed: reader.rowsChanged,
      };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw invalidQuery(message);
    }
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}
