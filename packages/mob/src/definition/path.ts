/** Where something is in a document, from the top: names of keys and places in lists. */
export type Path = readonly (string | number)[];

/** The text form of a path: `profiles.worker.skills[0]`. A key that TOML would quote is quoted. */
export function formatPath(path: Path): string {
  return path.reduce<string>(joinPath, '');
}

/** Adds a segment to the text form of a path. */
export function joinPath(parent: string, segment: string | number): string {
  if (typeof segment === 'number') return `${parent}[${segment}]`;
  const key = /^[\w-]+$/.test(segment) ? segment : JSON.stringify(segment);
  return parent === '' ? key : `${parent}.${key}`;
}

/** Where the author of a TOML document looks for something: `id` and `orchestrator` stand in a table of their own. */
export function documentPath(path: Path): Path {
  return path[0] === 'id' || path[0] === 'orchestrator' ? ['mob', ...path] : path;
}

/** Orders paths by their segments, so that `[2]` comes before `[10]` and a parent before what is in it. */
export function comparePaths(one: Path, other: Path): number {
  for (const [at, segment] of one.entries()) {
    const against = other[at];
    if (against === undefined) return 1;
    if (segment === against) continue;
    return segment < against ? -1 : 1;
  }
  return one.length - other.length;
}
