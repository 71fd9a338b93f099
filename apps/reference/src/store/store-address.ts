/** A Postgres database and a schema in it, as an address names them. */
export interface StoreAddress {
  /** For the driver: without what is ours. May hold a password. */
  readonly connectionString: string;
  /** Absent: the store's default. */
  readonly schema?: string;
  /** The same for people: without a password. */
  readonly shown: string;
}

const SCHEMES = ['postgres:', 'postgresql:'];
const TAKEN = 'takes an address postgres://… or postgresql://…';

/** Settings of the driver that are secret. */
const SECRET = ['password', 'sslpassword'];

/**
 * Reads `postgres://user:password@host:port/database?schema=name`; `schema` is ours, every other setting the driver's.
 * Text, what is wrong, when it is none; the address is not in it, as it may hold a password.
 */
export function parseStoreAddress(text: string): StoreAddress | string {
  const scheme = /^([a-z][a-z0-9+.-]*:)\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return `${TAKEN}; without one everything is in the state directory`;
  if (!SCHEMES.includes(scheme)) return `${TAKEN}, not ${scheme}//`;
  const url = parseUrl(text);
  if (!url)
    return `${TAKEN}, and this one cannot be read: write / @ : and # in a password as %2F %40 %3A and %23`;
  const schema = url.searchParams.get('schema') ?? undefined;
  if (schema !== undefined && !/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) {
    return 'names a schema that is none: lower case letters, digits and _, at most 63';
  }
  url.searchParams.delete('schema');
  const connectionString = url.href;
  return { connectionString, ...(schema !== undefined && { schema }), shown: shownOf(url, schema) };
}

function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function shownOf(url: URL, schema: string | undefined): string {
  const shown = new URL(url);
  shown.password = '';
  for (const secret of SECRET) shown.searchParams.delete(secret);
  if (schema !== undefined) shown.searchParams.set('schema', schema);
  return shown.href;
}
