import type { IncomingMessage } from 'node:http';

import { Refusal } from './refusal.js';

/** What the service takes in one request, uploads excepted. */
const MOST_BYTES = 10 * 1024 * 1024;
/** What this server takes in one upload. */
const MOST_UPLOADED = 256 * 1024 * 1024;

/** A request that was read whole. */
export interface ApiRequest {
  readonly method: string;
  /** The parts of the path after `/bigquery/v2`, decoded. */
  readonly parts: readonly string[];
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  readonly upload: boolean;
  readonly origin: string;
}

/** @throws Refusal 413 when it is too large; the rest of it is read and thrown away. */
export async function readRequest(message: IncomingMessage): Promise<ApiRequest> {
  const url = new URL(message.url ?? '/', 'http://local');
  const upload = url.pathname.startsWith('/upload/');
  const body = await readBody(message, upload ? MOST_UPLOADED : MOST_BYTES);
  const path = url.pathname.replace(/^\/(?:upload\/)?(?:bigquery\/v2\/)?/, '/');
  return {
    method: message.method ?? 'GET',
    parts: path.split('/').slice(1).map(decodeURIComponent),
    path: url.pathname,
    query: url.searchParams,
    headers: message.headers,
    body,
    upload,
    origin: `http://${message.headers.host}`,
  };
}

async function readBody(message: IncomingMessage, most: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of message as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size <= most) pieces.push(piece);
  }
  if (size > most)
    throw new Refusal(413, 'uploadTooLarge', `Request payload size exceeds the limit: ${most} bytes.`);
  return Buffer.concat(pieces);
}

/** The body as JSON. @throws Refusal when it is none. */
export function jsonOf({ body }: ApiRequest): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new Refusal(400, 'parseError', 'Parse Error');
  }
}

/** The parts of a body of type `multipart/related`: what it is about, and the data. */
export function partsOfBody({ headers, body }: ApiRequest): readonly [Buffer, Buffer] {
  const boundary = /boundary="?([^";]+)"?/.exec(headers['content-type'] ?? '')?.[1];
  if (boundary === undefined) throw new Refusal(400, 'badContent', 'Media type has no boundary');
  const mark = Buffer.from(`--${boundary}`);
  const starts: number[] = [];
  for (let at = body.indexOf(mark); at >= 0; at = body.indexOf(mark, at + 1)) starts.push(at);
  const part = (index: number): Buffer => {
    const from = starts[index];
    const to = starts[index + 1];
    if (from === undefined || to === undefined)
      throw new Refusal(400, 'badContent', 'Failed to parse the upload');
    const inside = body.subarray(from + mark.length, to);
    const head = inside.indexOf('\r\n\r\n');
    return inside.subarray(head + 4, inside.subarray(-2).toString() === '\r\n' ? -2 : undefined);
  };
  return [part(0), part(1)];
}
