import type { Call } from './tree.js';

/** How a function of the language is said to DuckDB. */
export interface Written {
  readonly least: number;
  readonly most: number;
  /** The type of its result, where it is always the same. */
  readonly returns?: string;
  /** Whether it works on groups of rows or windows. */
  readonly over?: 'group' | 'window';
  /** What DuckDB calls it, with its arguments written already. */
  readonly write: (args: readonly string[], call: Call) => string;
}
