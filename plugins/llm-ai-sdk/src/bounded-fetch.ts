import { MobError } from '@mobkit/core';

/** Of one answer, far above any that is meant: a line that never ends would be kept until the memory is full. */
const LONGEST_ANSWER_BYTES = 64 * 2 ** 20;

/** `fetch`, for answers that end. One that grows beyond the bound fails with `MOB_LLM_FAILED`. */
export async function boundedFetch(...request: Parameters<typeof fetch>): Promise<Response> {
  const response = await fetch(...request);
  if (!response.body) return response;
  let bytes = 0;
  const bound = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes > LONGEST_ANSWER_BYTES) controller.error(tooLong());
      else controller.enqueue(chunk);
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(bound), { status, statusText, headers });
}

function tooLong(): MobError {
  return new MobError('MOB_LLM_FAILED', `An answer had more than ${LONGEST_ANSWER_BYTES} bytes`, {
    details: { kind: 'invalid_response' },
  });
}
