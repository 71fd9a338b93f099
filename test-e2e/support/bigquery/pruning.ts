import { partsOf, type Scan } from './scans.js';
import type { Expression } from './sql/tree.js';

/** From the first to the last microsecond of a partition. */
export interface Span {
  readonly id: string;
  readonly from: bigint;
  readonly to: bigint;
}

/** The partition of rows without a value. */
export const NO_VALUE = '__NULL__';

/** Works out constants as microseconds, each as a list: an array has several. */
export type Constants = (of: readonly Expression[]) => Promise<readonly (readonly bigint[])[]>;

/**
 * Which of these partitions a scan reads, by what it compares the partitioning column with. Only constants count: what a
 * subquery gives is known too late. Nothing is returned when all must be read.
 */
export async function prune(
  scan: Scan,
  column: string,
  spans: readonly Span[],
  constants: Constants,
): Promise<readonly Span[] | undefined> {
  const wanted: Expression[] = [];
  for (const where of scan.where) collect(where, scan, column, wanted);
  if (wanted.length === 0) return undefined;
  const worked = await constants(wanted);
  const known = new Map(wanted.map((of, at) => [of, worked[at] ?? []]));
  const test = new Test(scan, column, known);
  // A bound that leaves out nothing at all, as one side of an `OR` that names another column, is none.
  if (scan.where.every((where) => !test.bounds(where))) return undefined;
  return spans
    .filter(({ id }) => id !== NO_VALUE)
    .filter((span) => scan.where.every((where) => test.mayHold(where, span)));
}

type Comparison = { readonly sign: string; readonly of: Expression; readonly to: readonly Expression[] };

const TURNED: Readonly<Record<string, string>> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=', '=': '=' };

/** A comparison with the partitioning column on its left, whatever way it is written. */
function comparison(of: Expression, scan: Scan, column: string): Comparison | undefined {
  if (of.kind === 'between' && !of.not && isColumn(of.of, scan, column)) {
    return { sign: 'BETWEEN', of: of.of, to: [of.low, of.high] };
  }
  if (of.kind === 'in' && !of.not && isColumn(of.of, scan, column)) {
    if ('list' in of.among) return { sign: 'IN', of: of.of, to: of.among.list };
    return 'unnest' in of.among ? { sign: 'IN', of: of.of, to: [of.among.unnest] } : undefined;
  }
  if (of.kind !== 'binary') return undefined;
  const turned = TURNED[of.sign];
  if (turned === undefined) return undefined;
  if (isColumn(of.left, scan, column)) return { sign: of.sign, of: of.left, to: [of.right] };
  return isColumn(of.right, scan, column) ? { sign: turned, of: of.right, to: [of.left] } : undefined;
}

function collect(of: Expression, scan: Scan, column: string, wanted: Expression[]): void {
  const found = comparison(of, scan, column);
  if (found?.to.every(isConstant)) wanted.push(...found.to);
  else if (of.kind === 'binary' && (of.sign === 'AND' || of.sign === 'OR')) {
    collect(of.left, scan, column, wanted);
    collect(of.right, scan, column, wanted);
  }
}

class Test {
  readonly #scan: Scan;
  readonly #column: string;
  readonly #known: ReadonlyMap<Expression, readonly bigint[]>;

  constructor(scan: Scan, column: string, known: ReadonlyMap<Expression, readonly bigint[]>) {
    this.#scan = scan;
    this.#column = column;
    this.#known = known;
  }

  /** Whether it bounds the column at all. */
  bounds(of: Expression): boolean {
    if (of.kind === 'binary' && of.sign === 'AND') return this.bounds(of.left) || this.bounds(of.right);
    if (of.kind === 'binary' && of.sign === 'OR') return this.bounds(of.left) && this.bounds(of.right);
    return this.#comparison(of) !== undefined;
  }

  /** Whether a row of this partition may fulfil it. */
  mayHold(of: Expression, span: Span): boolean {
    if (of.kind === 'binary' && of.sign === 'AND')
      return this.mayHold(of.left, span) && this.mayHold(of.right, span);
    if (of.kind === 'binary' && of.sign === 'OR')
      return this.mayHold(of.left, span) || this.mayHold(of.right, span);
    const found = this.#comparison(of);
    if (!found) return true;
    const { from } = span;
    const to = found.of.kind === 'path' ? span.to : from;
    const values = found.to.flatMap((one) => this.#known.get(one) ?? []);
    const [first, second] = values;
    if (first === undefined) return false;
    switch (found.sign) {
      case '<':
        return from < first;
      case '<=':
        return from <= first;
      case '>':
        return to > first;
      case '>=':
        return to >= first;
      case 'BETWEEN':
        return to >= first && second !== undefined && from <= second;
      default:
        return values.some((value) => from <= value && value <= to);
    }
  }

  #comparison(of: Expression): Comparison | undefined {
    const found = comparison(of, this.#scan, this.#column);
    return found?.to.every((one) => this.#known.has(one)) ? found : undefined;
  }
}

/** The column itself, or the start of its day. */
function isColumn(of: Expression, scan: Scan, column: string): boolean {
  if (of.kind === 'path') {
    const { names } = of;
    const ofTable =
      names.length === 1 || (names.length === 2 && names[0]?.toLowerCase() === scan.alias.toLowerCase());
    return ofTable && names.at(-1)?.toLowerCase() === column.toLowerCase();
  }
  const [first] = partsOf(of);
  if (!first || first.kind !== 'path') return false;
  const day =
    (of.kind === 'call' && (of.name === 'DATE' || (of.name === 'TIMESTAMP_TRUNC' && isDay(of.args[1])))) ||
    (of.kind === 'extract' && of.part === 'DATE') ||
    (of.kind === 'cast' && of.type.name === 'DATE');
  return day && isColumn(first, scan, column);
}

function isDay(of: Expression | undefined): boolean {
  return of?.kind === 'path' && of.names.length === 1 && of.names[0]?.toUpperCase() === 'DAY';
}

function isConstant(of: Expression): boolean {
  if (of.kind === 'path') return false;
  if (of.kind === 'subquery' || (of.kind === 'in' && 'query' in of.among)) return false;
  if (of.kind === 'call' && /_(?:TRUNC|DIFF)$/.test(of.name)) return of.args.slice(0, -1).every(isConstant);
  return partsOf(of).every(isConstant);
}
