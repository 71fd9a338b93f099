/** A table of more characters would have index names that are cut. */
const LONGEST_NAME = 30;

const PLAIN = /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/;

/**
 * The name of a definition that belongs to one of several that share a storage, such as a mob: whoever asks a storage for
 * what is due gets it whosever it is. A scope that cannot be part of a name stands in it as a digest (FNV-1a, 64 bits).
 *
 * @param base - At most 20 characters.
 * @param scope - Absent: `base` itself, shared by all that have none.
 */
export function scopedName(base: string, scope?: string): string {
  if (scope === undefined) return base;
  const name = `${base}_${scope}`;
  if (PLAIN.test(scope) && name.length <= LONGEST_NAME) return name;
  return `${base}_x${digestOf(scope)}`.slice(0, LONGEST_NAME);
}

function digestOf(text: string): string {
  let digest = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    digest = BigInt.asUintN(64, (digest ^ BigInt(byte)) * 0x100000001b3n);
  }
  return digest.toString(16).padStart(16, '0');
}
