import { type Clock, MobError, systemClock } from '@mobkit/core';

/** The address that says who is there. */
export interface HttpDiscoveryOptions {
  /** Answers GET with a JSON document of `members` and `edges`. http or https, without a password in it. */
  readonly url: string;
  /** Sent with every request, to that origin only. Never in an error. @defaultValue none */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Answers what is sent as `Authorization: Bearer …`, each time anew, so that it may be renewed. Never in an error.
   * @defaultValue none is sent
   */
  readonly token?: () => string;
  /** For a whole answer, redirects included. @defaultValue 10000 */
  readonly timeoutMs?: number;
  /** Of a body, once it is unpacked. @defaultValue 16777216 */
  readonly maxBytes?: number;
  /**
   * Asks the address so often whether its answer is another, while anybody watches: nothing can call us over plain HTTP. At
   * least 10. Absent: it cannot be watched.
   */
  readonly refreshMs?: number;
  /** @defaultValue the machine's */
  readonly clock?: Clock;
}

export interface ParsedOptions {
  readonly url: URL;
  /** For people: without what comes after `?`, which may hold a secret. */
  readonly shown: string;
  readonly headers: Headers;
  readonly token?: () => string;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly refreshMs?: number;
  readonly clock: Clock;
}

/** @throws MobError `MOB_CONFIG_INVALID`, naming the option. */
export function parseOptions(options: HttpDiscoveryOptions): ParsedOptions {
  const { url: given, headers = {}, token, refreshMs, clock = systemClock } = options;
  const { timeoutMs = 10_000, maxBytes = 16 * 1024 * 1024 } = options;
  if (!URL.canParse(given)) throw invalid('url', 'is no address');
  const url = new URL(given);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw invalid('url', 'is not http or https');
  if (url.username !== '' || url.password !== '') {
    throw invalid('url', 'holds a password: use a token or headers');
  }
  url.hash = '';
  expectWhole('timeoutMs', timeoutMs, 1);
  expectWhole('maxBytes', maxBytes, 1);
  if (refreshMs !== undefined) expectWhole('refreshMs', refreshMs, 10);
  return {
    url,
    shown: `${url.origin}${url.pathname}`,
    headers: headersOf(headers),
    timeoutMs,
    maxBytes,
    clock,
    ...(token && { token }),
    ...(refreshMs !== undefined && { refreshMs }),
  };
}

function headersOf(given: Readonly<Record<string, string>>): Headers {
  try {
    return new Headers({ accept: 'application/json', ...given });
  } catch {
    // What it throws has the value in it.
    throw invalid('headers', 'has a name or a value that cannot be sent');
  }
}

function expectWhole(field: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least)
    throw invalid(field, `is not a whole number from ${least}`);
}

function invalid(field: string, why: string): MobError {
  return new MobError('MOB_CONFIG_INVALID', `discovery-http: ${field} ${why}`, { details: { field } });
}
