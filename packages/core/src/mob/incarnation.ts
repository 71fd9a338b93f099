/** One life of a member. A member that is spawned again has the next generation. */
export interface Incarnation {
  readonly identity: string;
  /** From 0. */
  readonly generation: number;
}

/** The text form of an incarnation: `worker-1:0`. */
export function formatIncarnation({ identity, generation }: Incarnation): string {
  return `${identity}:${generation}`;
}
