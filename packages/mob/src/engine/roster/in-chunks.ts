/** Members that one commit is about: a commit of more would hold the storage up, and lose more when it is refused. */
const CHUNK = 256;

export function inChunks<T>(items: readonly T[]): readonly (readonly T[])[] {
  const chunks = Array.from({ length: Math.ceil(items.length / CHUNK) });
  return chunks.map((_, at) => items.slice(at * CHUNK, (at + 1) * CHUNK));
}
