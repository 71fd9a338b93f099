import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

import { ManualClock } from '@mobkit/contract-kit';
import { createEmailSink, type EmailSinkOptions } from '@mobkit/delivery';
import { expect, it, onTestFinished, vi } from 'vitest';

import { startMailServer } from './mail-server.js';
import { messageTo, sinkContext } from './sink-message.js';

const from = 'Night shift <mob@example.com>';

function sinkAt(port: number, given: Partial<EmailSinkOptions> = {}) {
  return createEmailSink({ host: '127.0.0.1', port, encryption: 'none', from, ...given });
}

it('[sinks.email-sends] sends a message to the recipient, under the same id at every attempt', async () => {
  const { port, mails, connections } = await startMailServer();
  const sink = sinkAt(port, { clock: new ManualClock(1_700_000_000_000) });
  const payload = { subject: 'Kasse steht – seit 10:02', text: 'Zeile 1\n.\nÄ Zeile 3' };
  const message = messageTo('ops@example.org', { payload });
  expect(await sink.deliver(message, sinkContext)).toEqual({ sinkAdapter: '127.0.0.1' });
  await sink.deliver(message, { ...sinkContext, attempt: 2 });
  const [mail, again] = mails;
  expect(mail).toMatchObject({ from: 'mob@example.com', to: ['ops@example.org'] });
  expect(mail!.header('from')).toBe('Night shift <mob@example.com>');
  expect(mail!.header('to')).toBe('ops@example.org');
  expect(decoded(mail!.header('subject')!)).toBe('Kasse steht – seit 10:02');
  expect(mail!.header('message-id')).toBe('<0000000007000-d1@example.com>');
  expect(mail!.header('date')).toBe('Tue, 14 Nov 2023 22:13:20 +0000');
  expect(mail!.header('auto-submitted')).toBe('auto-generated');
  expect(bodyOf(mail!)).toBe('Zeile 1\n.\nÄ Zeile 3');
  expect(again!.header('message-id')).toBe(mail!.header('message-id'));
  await expect.poll(() => connections.size).toBe(0);
});

it.each([
  ['Checkout is down\nSince 10:02', 'Checkout is down', 'Checkout is down\nSince 10:02'],
  [{ message: '  \n Down ' }, 'Down', '  \n Down '],
  [{ subject: '  ', text: 'Down' }, 'Down', 'Down'],
  [{ at: 7 }, '{"at":7}', '{"at":7}'],
  ['', 'A message from lead', ''],
  ['long '.repeat(50), 'long '.repeat(40), 'long '.repeat(50)],
])('[sinks.email-sends] makes subject and body of the payload %j', async (payload, subject, body) => {
  const { port, mails } = await startMailServer();
  await sinkAt(port).deliver(messageTo('ops@example.org', { payload }), sinkContext);
  expect(decoded(mails[0]!.header('subject')!).trim()).toBe(subject.trim());
  expect(bodyOf(mails[0]!).trimEnd()).toBe(body.trimEnd());
});

it('[sinks.email-injection] lets nothing in a message add a header, a recipient or a command', async () => {
  const { port, mails } = await startMailServer();
  const sink = sinkAt(port);
  const bad = 'x\r\nBcc: victim@example.org\r\n\r\nbody';
  await sink.deliver(
    messageTo('ops@example.org', {
      payload: { subject: bad, text: '.\r\nMAIL FROM:<x@y>\r\n' },
      from: bad,
      deliveryId: 'd-1',
    }),
    sinkContext,
  );
  await sink.deliver(messageTo('ops@example.org', { payload: '', from: bad }), sinkContext);
  for (const { to, text } of mails) {
    expect(to).toEqual(['ops@example.org']);
    expect(
      text
        .split('\n\n')[0]!
        .split('\n')
        .filter((line) => /^bcc/i.test(line)),
    ).toEqual([]);
  }
  expect(mails).toHaveLength(2);
  for (const recipient of [
    'a@example.org, b@example.org',
    'a@example.org\r\nRCPT TO:<b@example.org>',
    'Ops <a@example.org>',
    '"a b"@example.org',
    'a@example.org>',
    'a@b@example.org',
    'a@example.org\u2028',
    `${'a'.repeat(250)}@example.org`,
    'ops',
    '@',
  ]) {
    await expect(sink.deliver(messageTo(recipient), sinkContext)).rejects.toMatchObject({
      code: 'MOB_DELIVERY_FAILED',
      retryable: false,
    });
  }
  expect(mails).toHaveLength(2);
});

const answer = (responseCode: number) => Object.assign(new Error('not now'), { responseCode });

it.for<[at: string, code: number, retryable: boolean]>([
  ['onConnect', 421, true],
  ['onMailFrom', 451, true],
  ['onMailFrom', 553, false],
  ['onRcptTo', 450, true],
  ['onRcptTo', 550, false],
  ['onData', 452, true],
  ['onData', 554, false],
])('[sinks.email-answers] tells whether a refusal at %s with %i is final', async ([at, code, retryable]) => {
  const refuse = (...given: unknown[]) => {
    const [first, done] = [given[0] as { resume?: () => void }, given.at(-1) as (error: Error) => void];
    first.resume?.();
    done(answer(code));
  };
  const { port, mails } = await startMailServer({ [at]: refuse });
  await expect(sinkAt(port).deliver(messageTo('ops@example.org'), sinkContext)).rejects.toMatchObject({
    code: 'MOB_DELIVERY_FAILED',
    message: expect.stringContaining(String(code)),
    retryable,
  });
  expect(mails).toEqual([]);
});

it('[sinks.email-unknown] does not know what became of a message when the connection breaks after it was sent', async () => {
  const sent = await startMailServer({ onData: (stream) => void stream.resume().on('end', () => cut(sent)) });
  expect(await sinkAt(sent.port).deliver(messageTo('ops@example.org'), sinkContext)).toMatchObject({
    unknown: expect.stringContaining('127.0.0.1 did not say that it took the message'),
  });
});

it('[sinks.email-unknown] knows that nothing was sent when it breaks before, and tries again', async () => {
  const early = await startMailServer({ onRcptTo: () => cut(early) });
  const closed = await startMailServer({ onConnect: () => cut(closed) });
  for (const { port } of [early, closed, { port: await closedPort() }]) {
    await expect(sinkAt(port).deliver(messageTo('ops@example.org'), sinkContext)).rejects.toMatchObject({
      retryable: true,
    });
  }
});

it('[sinks.email-unknown] waits for a server no longer than told, whatever it does meanwhile', async () => {
  const clock = new ManualClock(0);
  let silent: () => void;
  const isSilent = new Promise<void>((resolve) => (silent = resolve));
  const { port } = await startMailServer({
    onData: (stream) => void stream.resume().on('end', () => silent()),
  });
  const delivered = sinkAt(port, { timeoutMs: 500, clock }).deliver(
    messageTo('ops@example.org'),
    sinkContext,
  );
  await isSilent;
  clock.advance(500);
  expect(await delivered).toMatchObject({ unknown: expect.stringContaining('no answer within 500 ms') });
  const given = new AbortController();
  const early = await startMailServer({ onRcptTo: () => given.abort(new Error('the process ends')) });
  const context = { signal: given.signal, attempt: 1 };
  await expect(sinkAt(early.port).deliver(messageTo('a@example.org'), context)).rejects.toMatchObject({
    retryable: true,
  });
});

it('[sinks.email-encryption] sends neither message nor password to a server without TLS, or with a wrong certificate', async () => {
  // The server warns that the world knows the key of its certificate.
  vi.spyOn(console, 'error').mockImplementation(() => {});
  onTestFinished(() => void vi.restoreAllMocks());
  const users: unknown[] = [];
  const onAuth: Parameters<typeof startMailServer>[0] = {
    allowInsecureAuth: true,
    authOptional: false,
    onAuth: ({ username, password }, _, done) => (
      users.push([username, password]),
      done(null, { user: username })
    ),
  };
  const login = { user: 'mob', password: 'hunter2' };
  const [plain, selfSigned, implicit] = [
    await startMailServer({ ...onAuth }),
    await startMailServer({ ...onAuth, disabledCommands: [] }),
    await startMailServer({ ...onAuth, secure: true }),
  ];
  for (const [{ port }, encryption] of [
    [plain, 'starttls'],
    [selfSigned, 'starttls'],
    [plain, 'tls'],
    [implicit, 'tls'],
  ] as const) {
    const sink = sinkAt(port, { ...login, encryption });
    const delivered = sink.deliver(messageTo('ops@example.org'), sinkContext);
    await expect(delivered).rejects.toMatchObject({ code: 'MOB_DELIVERY_FAILED' });
    await expect(delivered).rejects.not.toThrow('hunter2');
  }
  expect([users, plain.mails, selfSigned.mails, implicit.mails]).toEqual([[], [], [], []]);
  await sinkAt(plain.port, { ...login, encryption: 'none' }).deliver(
    messageTo('ops@example.org'),
    sinkContext,
  );
  expect([users, plain.mails]).toMatchObject([[['mob', 'hunter2']], [{ user: 'mob' }]]);
});

it('[sinks.email-config] refuses options that cannot be meant, without the password in them', () => {
  const wrong: readonly [object, string][] = [
    [{ host: 'mail server' }, 'host'],
    [{ port: 0 }, 'port'],
    [{ encryption: 'ssl' }, 'encryption'],
    [{ user: 'mob' }, 'user and password'],
    [{ password: 'hunter2' }, 'user and password'],
    [
      { host: 'mail.example.com', user: 'mob', password: 'hunter2', encryption: 'none' },
      'without encryption',
    ],
    [{ from: 'nobody' }, 'from'],
    [{ from: 'a@example.com, b@example.com' }, 'from'],
    [{ from: 'a\nBcc: x <a@example.com>' }, 'from'],
    [{ timeoutMs: 0 }, 'timeoutMs'],
    [{ pool: true }, 'pool'],
  ];
  for (const [options, said] of wrong) {
    const make = () => createEmailSink({ host: '127.0.0.1', from, ...options });
    expect(make).toThrow(
      expect.objectContaining({
        code: 'MOB_CONFIG_INVALID',
        message: expect.stringContaining(said) as string,
      }) as Error,
    );
    expect(make).not.toThrow('hunter2');
  }
});

function cut({ connections }: { connections: Set<unknown> }): void {
  for (const { _socket } of connections as Set<{ readonly _socket: Socket }>) _socket.destroy();
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  onTestFinished(() => void server.close());
  server.close();
  await once(server, 'close');
  return port;
}

/** Encoded words of a header as people read them. */
function decoded(header: string): string {
  return header
    .replace(/\n\s+/g, ' ')
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?(b|q)\?(.*?)\?=/gi, (_, way: string, text: string) =>
      way.toLowerCase() === 'b'
        ? Buffer.from(text, 'base64').toString()
        : unquoted(text.replaceAll('_', ' ')),
    );
}

function bodyOf(mail: { body: string; header(name: string): string | undefined }): string {
  const encoding = mail.header('content-transfer-encoding');
  const body = mail.body.replace(/\n$/, '');
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString();
  return encoding === 'quoted-printable' ? unquoted(body.replace(/=\n/g, '')) : body;
}

function unquoted(text: string): string {
  return Buffer.from(
    text.replace(/=([\dA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString();
}
