import { type HttpErrorAnswer, toHttpError } from '@mobkit/rpc';

type Headers = Readonly<Record<string, string>>;

/** Nothing here is to be kept, guessed at, or shown inside a foreign page. */
const SEAL: Headers = {
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

/** What every answer must pass on its way out. */
export function sealed(response: Response): Response {
  for (const [name, value] of Object.entries(SEAL)) response.headers.set(name, value);
  return response;
}

export function json(status: number, body: unknown, headers: Headers = {}): Response {
  return text(status, JSON.stringify(body), { 'content-type': 'application/json', ...headers });
}

export function text(status: number, body: string, headers: Headers = {}): Response {
  return new Response(body, { status, headers });
}

/** An error that is this package's own. */
export function refuse(status: number, error: string, message: string, headers: Headers = {}): Response {
  return json(status, { error, message }, headers);
}

/** Any error that was thrown. */
export function failed(error: unknown): Response {
  const { status, body } = toHttpError(error);
  return json(status, withoutMessage(body), status === 503 ? { 'retry-after': '1' } : {});
}

/** Clients know a stale cursor and an unknown member by exactly these fields. */
function withoutMessage(body: HttpErrorAnswer['body']): object {
  if (body.error === 'event_query_stale') {
    const { error, after_cursor, latest_cursor } = body;
    return { error, after_cursor, latest_cursor };
  }
  return body.error === 'member_not_found' ? { error: body.error } : body;
}
