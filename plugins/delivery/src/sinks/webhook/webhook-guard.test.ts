import { expect, it } from 'vitest';

import { startReceiver } from '../../../test/receiver.js';
import { messageTo, sinkContext } from '../../../test/sink-message.js';
import { parseWebhookOptions, type WebhookSinkOptions } from './options.js';
import { createWebhookSink, webhookSinkOver } from './webhook-sink.js';

const refused = { code: 'MOB_DELIVERY_FAILED', retryable: false, details: { reason: 'host_refused' } };

it('[sinks.webhook-guard] calls nothing on this machine or in its network, however it is written', async () => {
  const { port, received } = await startReceiver();
  const sink = createWebhookSink();
  for (const host of [
    '127.0.0.1',
    'localhost',
    '2130706433',
    '0x7f.1',
    '0177.0.0.1',
    '127.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '0.0.0.0',
    '[::]',
    '169.254.169.254',
    '10.0.0.1',
    '１２７.0.0.1',
  ]) {
    const delivered = sink.deliver(messageTo(`http://${host}:${port}/`), sinkContext);
    expect([host, await failureOf(delivered)]).toMatchObject([host, refused]);
  }
  await expect(sink.deliver(messageTo('http://me@example.com/'), sinkContext)).rejects.toMatchObject(refused);
  expect(received).toEqual([]);
});

it('[sinks.webhook-hosts] calls a private host that is named, with its port where one is named, and nothing link-local', async () => {
  const { url, port, received } = await startReceiver();
  const ways: readonly [host: string, names: readonly string[], called: boolean][] = [
    ['127.0.0.1', ['127.0.0.1'], true],
    ['127.0.0.1', [`127.0.0.1:${port}`], true],
    ['127.0.0.1', ['127.0.0.1:1'], false],
    ['127.0.0.1', ['localhost', '127.0.0.2'], false],
    ['inside.test', ['INSIDE.test'], true],
    ['inside.test.', ['inside.test'], true],
    ['inside.test', ['test', 'other.test'], false],
    ['linked.test', ['linked.test'], false],
    ['both.test', ['other.test'], false],
  ];
  for (const [host, privateHosts, called] of ways) {
    const before = received.length;
    const delivered = sinkOver({ privateHosts }).deliver(
      messageTo(url.replace('127.0.0.1', host)),
      sinkContext,
    );
    expect([host, await failureOf(delivered), received.length - before]).toMatchObject(
      called ? [host, undefined, 1] : [host, refused, 0],
    );
  }
});

it('[sinks.webhook-hosts] calls nobody else where the only hosts are named', async () => {
  const { url, received } = await startReceiver();
  const privateHosts = ['127.0.0.1', 'inside.test'];
  const sink = sinkOver({ privateHosts, onlyHosts: ['inside.test'] });
  await expect(sink.deliver(messageTo(url), sinkContext)).rejects.toMatchObject(refused);
  await sink.deliver(messageTo(url.replace('127.0.0.1', 'inside.test')), sinkContext);
  expect(received).toHaveLength(1);
});

it('[sinks.webhook-rebinding] connects to the address that was checked, whatever the name leads to a moment later', async () => {
  const { received: wanted, port } = await startReceiver(undefined, '127.0.0.2');
  let asked = 0;
  const options = parseWebhookOptions({ privateHosts: ['inside.test'] });
  const sink = webhookSinkOver(options, (_, __, done) => {
    asked += 1;
    done(null, [{ address: asked === 1 ? '127.0.0.2' : '169.254.169.254', family: 4 }]);
  });
  const inside = messageTo(`http://inside.test:${port}/`);
  await sink.deliver(inside, sinkContext);
  expect([asked, wanted.length]).toEqual([1, 1]);
  // A connection of its own for each message, so that each is checked.
  await expect(sink.deliver(inside, sinkContext)).rejects.toMatchObject(refused);
  expect([asked, wanted.length]).toEqual([2, 1]);
});

it('tries again when a name cannot be looked up', async () => {
  const sink = webhookSinkOver(parseWebhookOptions({}), (_, __, done) =>
    done(new Error('no name server'), []),
  );
  await expect(sink.deliver(messageTo('http://example.com/'), sinkContext)).rejects.toMatchObject({
    message: expect.stringContaining('no name server'),
    retryable: true,
  });
});

/** What was thrown; undefined when nothing was. */
function failureOf(delivered: Promise<unknown>): Promise<unknown> {
  return delivered.then(
    () => undefined,
    (error: unknown) => error,
  );
}

const names: Readonly<Record<string, readonly string[]>> = {
  'inside.test': ['127.0.0.1'],
  'inside.test.': ['127.0.0.1'],
  'linked.test': ['169.254.169.254'],
  'both.test': ['93.184.216.34', '127.0.0.1'],
};

function sinkOver(options: WebhookSinkOptions) {
  return webhookSinkOver(parseWebhookOptions(options), (hostname, _, done) =>
    done(
      null,
      (names[hostname] ?? []).map((address) => ({ address, family: 4 })),
    ),
  );
}
