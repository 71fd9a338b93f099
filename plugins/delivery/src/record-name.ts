import { hash } from 'node:crypto';

/** What a storage takes as a key, in characters. */
const LONGEST = 400;

/** Names a record after texts, each for itself: by them, which can be read and costs least, or by their hash when they are long. */
export function recordName(...texts: readonly string[]): string {
  const name = JSON.stringify(texts);
  return name.length <= LONGEST ? name : hash('sha256', name, 'hex');
}
