import { readFile, stat } from 'node:fs/promises';

import { errorText, MobError } from '@mobkit/core';

/** What a roster of tens of thousands fits into; a file that is larger was meant to be something else. */
const MAX_BYTES = 16 * 1024 * 1024;

/** @throws MobError `MOB_DISCOVERY_UNAVAILABLE`, retryable when the file may come back; the reason of `signal`. */
export async function readShapeFile(path: string, signal?: AbortSignal): Promise<string> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw unavailable(path, 'it is no file');
    if (found.size > MAX_BYTES) throw unavailable(path, `it is larger than ${MAX_BYTES} bytes`);
    const text = await readFile(path, { encoding: 'utf8', ...(signal && { signal }) });
    // Some editors begin a file with a mark of its order of bytes.
    return text.startsWith('\uFEFF') ? text.slice(1) : text;
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof MobError) throw cause;
    throw unavailable(path, errorText(cause), cause);
  }
}

function unavailable(path: string, why: string, cause?: unknown): MobError {
  return new MobError('MOB_DISCOVERY_UNAVAILABLE', `Cannot read ${path}: ${why}`, {
    details: { file: path },
    ...(cause !== undefined && { cause, retryable: true }),
  });
}
