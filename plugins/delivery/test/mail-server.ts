import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { onTestFinished } from 'vitest';

interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly user: string | undefined;
  readonly secure: boolean;
  /** As it was sent, with its line breaks as `\n`. */
  readonly text: string;
  header(name: string): string | undefined;
  readonly body: string;
}

/** A mail server on this machine without encryption, unless told otherwise, that keeps what it is sent. */
export async function startMailServer(options: SMTPServerOptions = {}) {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    async onData(stream, { envelope, user, secure }, done) {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk as Buffer);
      const text = Buffer.concat(chunks).toString().replaceAll('\r\n', '\n');
      const { mailFrom, rcptTo } = envelope;
      mails.push({
        from: mailFrom ? mailFrom.address : '',
        to: rcptTo.map(({ address }) => address),
        user: typeof user === 'string' ? user : undefined,
        secure,
        text,
        header: (name) => new RegExp(`^${name}: (.*(?:\n[ \t].*)*)`, 'im').exec(text.split('\n\n')[0]!)?.[1],
        body: text.slice(text.indexOf('\n\n') + 2),
      });
      done();
    },
    ...options,
  });
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  return { port, mails, connections: server.connections };
}
