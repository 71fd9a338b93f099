/** The values that one field of a cron expression selects. */
export interface CronField {
  /** Ascending. */
  readonly values: readonly number[];
  /** Whether it selects every value there is, however it is written. */
  readonly any: boolean;
}

export interface CronRange {
  readonly min: number;
  readonly max: number;
  /** Written for the value 0, too. */
  readonly alsoZero?: number;
}

/**
 * Reads one field: a comma list of `*`, `a` and `a-b`, each with an optional `/step` from 1. A step on a single value means
 * nothing. Undefined for anything else.
 */
export function parseCronField(text: string, { min, max, alsoZero }: CronRange): CronField | undefined {
  const selected = new Set<number>();
  for (const part of text.split(',')) {
    const [, star, from, to, step] = /^(?:(\*)|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part) ?? [];
    if (star === undefined && from === undefined) return undefined;
    const highest = alsoZero ?? max;
    const first = star === undefined ? Number(from) : min;
    const last = star === undefined ? Number(to ?? from) : max;
    const by = Number(step ?? 1);
    if (first < min || last > highest || first > last || by < 1) return undefined;
    for (let value = first; value <= last; value += by) selected.add(value === alsoZero ? 0 : value);
  }
  return {
    values: [...selected].toSorted((one, other) => one - other),
    any: selected.size === max - min + 1,
  };
}
