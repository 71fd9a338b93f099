import { Readable } from 'node:stream';

import SMTPConnection from 'nodemailer/lib/smtp-connection';

import type { ParsedEmailOptions } from './options.js';

/** The whole way of one message to a server. */
export interface SmtpSession {
  /** Resolves when the server has taken the message. @throws what kept it from that; with `responseCode` when the server said so. */
  send(recipient: string, message: Buffer): Promise<void>;
  /** Whether the server was sent any of the message, and may therefore have taken it. */
  readonly handedOver: boolean;
  /** Cuts the connection. May be called twice. */
  close(): void;
}

/**
 * Prepares a connection for one message. One for many would be faster, but when it ends in the middle nobody could say which of
 * them were taken, and a pool sends such a message again by itself.
 */
export function openSmtpSession({
  host,
  port,
  encryption,
  login,
  from,
  timeoutMs,
}: ParsedEmailOptions): SmtpSession {
  let handedOver = false;
  let fail: (error: Error) => void = () => {};
  const failed = new Promise<never>((_, reject) => (fail = reject));
  // Nobody waits for it before `send`, or after its end.
  failed.catch(() => {});
  const connection = new SMTPConnection({
    host,
    port,
    secure: encryption === 'tls',
    requireTLS: encryption === 'starttls',
    ignoreTLS: encryption === 'none',
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    // For a last word to each other.
    socketCloseTimeout: 1_000,
  });
  connection.on('error', fail);
  connection.on('end', () => fail(new Error('The connection ended')));
  const step = (begin: (done: (error?: Error | null) => void) => void): Promise<void> =>
    Promise.race([
      failed,
      new Promise<void>((resolve, reject) => begin((error) => (error ? reject(error) : resolve()))),
    ]);
  return {
    async send(recipient, message) {
      await step((done) => connection.connect(done));
      if (login) {
        const { user, password: pass } = login;
        await step((done) => connection.login({ user, pass, credentials: { user, pass } }, done));
      }
      // Read when the server has asked for it, and not before.
      const body = new Readable({
        read() {
          handedOver = true;
          this.push(message);
          this.push(null);
        },
      });
      const envelope = { from: from.address, to: [recipient], size: message.length };
      await step((done) => connection.send(envelope, body, done));
      connection.quit();
    },
    get handedOver() {
      return handedOver;
    },
    close: () => connection.close(),
  };
}
