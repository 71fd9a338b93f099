import type { RpcHandler } from '@mobkit/rpc';

import { refuse, text } from './answers.js';
import { MAX_BODY_BYTES, readBody } from './read-body.js';

/** Answers JSON-RPC in a body. What JSON-RPC calls an error is 200 all the same; a notification is 204. */
export async function answerRpc(request: Request, rpc: RpcHandler): Promise<Response> {
  // A form of a foreign page can be sent without asking, but not with this type.
  const [type = ''] = (request.headers.get('content-type') ?? '').split(';');
  if (type.trim().toLowerCase() !== 'application/json') {
    return refuse(415, 'unsupported_media_type', 'Send the request with content-type: application/json');
  }
  const body = await readBody(request);
  if (!body) {
    return refuse(413, 'body_too_large', `A request has at most ${MAX_BODY_BYTES} bytes`);
  }
  const message = decode(body);
  if (message === undefined) return refuse(400, 'invalid_text', 'The body is not UTF-8');
  const answer = await rpc.handleText(message);
  if (answer === undefined) return new Response(null, { status: 204 });
  return text(200, answer, { 'content-type': 'application/json' });
}

function decode(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
}
