import { median } from './bench.js';

/** One of those that are measured side by side. */
export interface Contender {
  readonly name: string;
  /** Measures once, on things of its own, and cleans them up. */
  measure(): Promise<number>;
}

/** Lets each take its turn, as often as `repeats` says; who begins changes, so that nobody always comes after another. */
export async function alternate(
  contenders: readonly Contender[],
  repeats: number,
  progress: (line: string) => void,
): Promise<Record<string, readonly number[]>> {
  const samples: Record<string, number[]> = Object.fromEntries(contenders.map(({ name }) => [name, []]));
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const contender = contenders[(turn + repeat) % contenders.length]!;
      progress(`${repeat + 1} of ${repeats}: ${contender.name}`);
      samples[contender.name]?.push(await contender.measure());
    }
  }
  return samples;
}

/** The median of one against another, each of their samples against the one of the same round. */
export function ratio(ours: readonly number[] = [], theirs: readonly number[] = []): number {
  return median(ours.map((value, round) => value / (theirs[round] ?? NaN)));
}
