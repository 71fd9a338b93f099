import type { SpawnMemberSpec } from '@mobkit/core/mob';

/** Remembers spawns whose answer was lost, so that whoever repeats one is not told that the member exists already. */
export class UnansweredSpawns {
  readonly #specs = new Map<string, string>();

  add(spec: SpawnMemberSpec): void {
    this.#specs.set(spec.identity, asText(spec));
  }

  /** Whether this repeats one. Whichever it is, there is none of that identity any more. */
  take(spec: SpawnMemberSpec): boolean {
    const unanswered = this.#specs.get(spec.identity);
    return this.#specs.delete(spec.identity) && unanswered === asText(spec);
  }

  forget(identity: string): void {
    this.#specs.delete(identity);
  }
}

function asText(spec: SpawnMemberSpec): string {
  const { labels = {}, additionalInstructions = [], tools: _, ...rest } = spec;
  const sorted = Object.entries(labels).toSorted(([one], [other]) => (one < other ? -1 : 1));
  const fields = Object.entries(rest).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify({ fields, sorted, additionalInstructions });
}
