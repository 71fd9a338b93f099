import { isIP } from 'node:net';

import { type Clock, MobError, systemClock } from '@mobkit/core';
import { z } from 'zod';

import { addressKind } from '../webhook/address-kind.js';
import { isMailAddress } from './mail-address.js';

/** The server that takes mail, and whose mail it is. */
export interface EmailSinkOptions {
  /** The SMTP server that takes messages. */
  readonly host: string;
  /** @defaultValue 465 with `tls`, else 587 */
  readonly port?: number;
  /**
   * `starttls` goes on only when the server begins TLS, `tls` begins with it; in both its certificate has to be right. `none` sends
   * everything as it is, and no password but to this machine. @defaultValue `starttls`, with port 465 `tls`
   */
  readonly encryption?: 'starttls' | 'tls' | 'none';
  /** Absent: the server asks for no name. Comes with `password`. */
  readonly user?: string;
  readonly password?: string;
  /** Whose messages they are: an address, with a name before it if you like: `Night shift <mob@example.com>`. */
  readonly from: string;
  /**
   * For a message, from connecting on. Shorter than the delivery gives a sink (30000, unless told otherwise): only then it is known
   * whether anything was sent. @defaultValue 20000
   */
  readonly timeoutMs?: number;
  /** @defaultValue `systemClock` */
  readonly clock?: Clock;
}

export interface ParsedEmailOptions {
  readonly host: string;
  readonly port: number;
  readonly encryption: 'starttls' | 'tls' | 'none';
  readonly login?: { readonly user: string; readonly password: string };
  readonly from: { readonly name: string; readonly address: string };
  readonly timeoutMs: number;
  readonly clock: Clock;
}

const text = z.string().trim().min(1);
const schema = z.strictObject({
  host: text.regex(/^[^\s/@]+$/, 'is no host'),
  port: z.int().min(1).max(65_535).optional(),
  encryption: z.enum(['starttls', 'tls', 'none']).optional(),
  user: text.optional(),
  password: z.string().min(1).optional(),
  from: z.string().transform((given, context) => {
    const [, name = '', address = ''] = /^\s*(?:([^<>]*)<)?([^<>]+)>?\s*$/.exec(given) ?? [];
    const from = { name: name.trim().replaceAll('"', ''), address: address.trim() };
    if (isMailAddress(from.address) && !/\p{Cc}/u.test(name)) return from;
    context.addIssue({ code: 'custom', message: 'is no address' });
    return z.NEVER;
  }),
  timeoutMs: z.int().min(1).max(600_000).default(20_000),
  clock: z.custom<Clock>().default(systemClock),
});

/** @throws MobError `MOB_CONFIG_INVALID`, naming what is wrong and no password. */
export function parseEmailOptions(options: EmailSinkOptions): ParsedEmailOptions {
  const parsed = schema.safeParse(options);
  if (!parsed.success) throw invalid(z.prettifyError(parsed.error));
  const { host, port, user, password, from, timeoutMs, clock } = parsed.data;
  const encryption = parsed.data.encryption ?? (port === 465 ? 'tls' : 'starttls');
  if ((user === undefined) !== (password === undefined)) throw invalid('user and password come together');
  if (password !== undefined && encryption === 'none' && !isThisMachine(host)) {
    throw invalid('a password is not sent to another machine without encryption');
  }
  return {
    host,
    port: port ?? (encryption === 'tls' ? 465 : 587),
    encryption,
    from,
    timeoutMs,
    clock,
    ...(user !== undefined && password !== undefined && { login: { user, password } }),
  };
}

function isThisMachine(host: string): boolean {
  if (host === 'localhost') return true;
  return isIP(host) !== 0 && addressKind(host) === 'private' && /^(?:127\.|::1$)/.test(host);
}

function invalid(what: string): MobError {
  return new MobError('MOB_CONFIG_INVALID', `email: ${what}`);
}
