/** One bench: measures, and says what it measured. */
export interface Bench {
  readonly name: string;
  /** Shown above the table. */
  readonly about: string;
  /** `progress` is told now and then what is being measured. */
  run(progress: (line: string) => void): Promise<Measured>;
}

export interface Measured {
  /** What was chosen: counts, sizes, rates, repeats. */
  readonly settings: Readonly<Record<string, number | string>>;
  /** By name, each with all its samples. A name ends in its unit. */
  readonly samples: Readonly<Record<string, readonly number[]>>;
  /** Ours against a peer measured in the same run. */
  readonly ratios?: Readonly<Record<string, number>>;
}

export function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}
