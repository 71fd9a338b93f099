/** Steps and what each waits for; only steps that exist. */
export type Dependencies = ReadonlyMap<string, readonly string[]>;

/**
 * Steps in the order in which they can run: each layer waits for the ones before it alone. Steps in a cycle, and those
 * that wait for one, are in none.
 */
export function layers(dependencies: Dependencies): readonly (readonly string[])[] {
  const found: string[][] = [];
  const left = new Map(dependencies);
  for (;;) {
    const layer = [...left]
      .filter(([, before]) => before.every((step) => !left.has(step)))
      .map(([step]) => step);
    if (layer.length === 0) return found;
    found.push(layer);
    for (const step of layer) left.delete(step);
  }
}

/** Some steps that wait for each other, from one of them back to itself; undefined when there are none. */
export function findCycle(dependencies: Dependencies): readonly string[] | undefined {
  const free = new Set(layers(dependencies).flat());
  const walked: string[] = [];
  let step = [...dependencies.keys()].find((id) => !free.has(id));
  // Every step that is not free waits for one that is not free, so that the walk must come back.
  while (step !== undefined && !walked.includes(step)) {
    walked.push(step);
    step = dependencies.get(step)?.find((before) => !free.has(before));
  }
  return step === undefined ? undefined : [...walked.slice(walked.indexOf(step)), step];
}
