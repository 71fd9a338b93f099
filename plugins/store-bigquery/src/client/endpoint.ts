import { MobError } from '@mobkit/core';

/** Where requests go. */
export interface Endpoint {
  /** Scheme and host, e.g. `https://bigquery.googleapis.com`. */
  readonly origin: string;
  /** Without a slash at its end, e.g. `/bigquery/v2`. */
  readonly path: string;
  /** The same for uploads of load jobs. */
  readonly uploadPath: string;
  /** On this machine: nobody's credentials are looked for, and only a token that was given for it is sent. */
  readonly loopback: boolean;
}

const DEFAULT = 'https://bigquery.googleapis.com';
const DEFAULT_PATH = '/bigquery/v2';
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Where a token may be sent: `https` to `*.googleapis.com`, to the hosts that were allowed, and `http` to those of them that are
 * this machine. Decided by what a URL parser finds, which is what connects.
 *
 * @throws MobError `MOB_CONFIG_INVALID` with `details.field` `apiEndpoint` for anything else, and nothing was sent.
 */
export function parseEndpoint(apiEndpoint: string = DEFAULT, allowedHosts: readonly string[] = []): Endpoint {
  const url = URL.canParse(apiEndpoint) ? new URL(apiEndpoint) : undefined;
  if (!url || url.hostname === '') throw refused('is not a URL with a scheme and a host');
  // A bare "?" or "#" parses to an empty part, and is refused all the same.
  if (url.username !== '' || url.password !== '' || apiEndpoint.includes('@')) {
    throw refused('holds a user or a password; give the token as accessToken');
  }
  if (/[?#\\]/.test(apiEndpoint))
    throw refused('holds a query, a fragment or a backslash; give scheme and host');
  const loopback = LOOPBACK.includes(url.hostname);
  const google = url.hostname.endsWith('.googleapis.com');
  if (!google && !allowedHosts.includes(url.hostname)) {
    throw refused(`names the host ${url.hostname}, which is not allowed; allowedHosts can name it`);
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) {
    throw refused(`begins with ${url.protocol}; use https:`);
  }
  const path = url.pathname.replace(/\/+$/, '') || DEFAULT_PATH;
  return { origin: url.origin, path, uploadPath: `/upload${path}`, loopback };
}

function refused(why: string): MobError {
  return new MobError('MOB_CONFIG_INVALID', `BigQuery: apiEndpoint ${why}`, {
    details: { field: 'apiEndpoint' },
  });
}
