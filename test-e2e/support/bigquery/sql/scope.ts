import { invalidQuery } from '../refusal.js';
import type { SqlType } from './tree.js';

export interface Column {
  readonly name: string;
  readonly type?: SqlType | undefined;
}

/** What a `FROM` gives names to. */
export interface Named {
  readonly alias: string | undefined;
  /** Absent where they are not worked out. */
  readonly columns: readonly Column[] | undefined;
}

/** The names that an expression may use: of its own query, and of the ones around it. */
export class Scope {
  readonly #sources: readonly Named[];
  readonly #outer: Scope | undefined;

  constructor(sources: readonly Named[], outer?: Scope) {
    this.#sources = sources;
    this.#outer = outer;
  }

  get sources(): readonly Named[] {
    return this.#sources;
  }

  /**
   * The type that a name has, where it is known.
   *
   * @throws Refusal when nothing has this name. DuckDB would take the alias of a column of the result for it.
   */
  typeOf(names: readonly string[], orAlias: readonly string[] = []): SqlType | undefined {
    const [first = '', second] = names;
    if (orAlias.some((alias) => same(alias, first))) return undefined;
    const found = this.#find(first, second, names.length);
    if (found) return found.type;
    if (this.#outer) return this.#outer.typeOf(names);
    throw invalidQuery(`Unrecognized name: ${first}`);
  }

  #find(
    first: string,
    second: string | undefined,
    length: number,
  ): { type: SqlType | undefined } | undefined {
    const source = this.#sources.find(({ alias }) => alias !== undefined && same(alias, first));
    if (source && second === undefined)
      return { type: source.columns?.find((one) => same(one.name, first))?.type };
    if (source && source.columns === undefined) return { type: undefined };
    if (source && second !== undefined) {
      const column = source.columns?.find(({ name }) => same(name, second));
      if (column) return { type: length === 2 ? column.type : undefined };
    }
    const columns = this.#sources.flatMap(
      (one) => one.columns?.filter(({ name }) => same(name, first)) ?? [],
    );
    if (columns.length > 1 && !source) throw invalidQuery(`Column name ${first} is ambiguous`);
    if (columns[0]) return { type: length === 1 ? columns[0].type : undefined };
    return this.#sources.some((one) => one.columns === undefined) ? { type: undefined } : undefined;
  }
}

export function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
