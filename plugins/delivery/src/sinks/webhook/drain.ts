import type { Response } from 'undici';

/** What is read of an answer, so that the receiver need not see its connection cut. */
const MOST_BYTES = 64 * 1024;

/** Reads over the body of an answer, up to a bound and while the call may last. Never rejects: nobody needs it. */
export async function drain({ body }: Response): Promise<void> {
  if (!body) return;
  try {
    let bytes = 0;
    for await (const chunk of body) {
      bytes += (chunk as Uint8Array).byteLength;
      if (bytes > MOST_BYTES) return;
    }
  } catch {
    // The answer is known already.
  }
}
