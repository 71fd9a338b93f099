import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a connection through the proxy goes through. */
type Weather =
  /** Everything passes. */
  | 'clear'
  /** New connections are cut at once, and the ones there were, too. */
  | 'down'
  /** Everything passes, some milliseconds late. */
  | 'slow';

/** Stands between a client and a server. */
export interface TcpProxy {
  readonly port: number;
  weather(now: Weather): void;
  /** Cuts every connection there is. */
  cut(): void;
  /**
   * The next time a client sends `text`, it reaches the server, and the connection is cut when the server answers: the
   * client never learns what became of it. Resolves when that has happened.
   */
  loseAnswerTo(text: string): Promise<void>;
  close(): Promise<void>;
}

const SLOW_MS = 5;

export async function openTcpProxy(to: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let weather: Weather = 'clear';
  let wanted: { readonly text: string; readonly done: () => void } | undefined;

  const server = createServer((client) => {
    if (weather === 'down') return void client.resetAndDestroy();
    const upstream = connect(to);
    const pair = [client, upstream] as const;
    let losing: (() => void) | undefined;
    pairs.add(pair);
    for (const socket of pair) {
      socket.on('error', () => {});
      socket.on('close', () => {
        pairs.delete(pair);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (chunk: Buffer) => {
      if (wanted && chunk.includes(wanted.text)) {
        losing = wanted.done;
        wanted = undefined;
      }
      void pass(chunk, upstream);
    });
    upstream.on('data', (chunk: Buffer) => {
      if (!losing) return void pass(chunk, client);
      client.resetAndDestroy();
      losing();
    });
  });

  async function pass(chunk: Buffer, socket: Socket): Promise<void> {
    if (weather === 'slow') await sleep(SLOW_MS);
    if (socket.writable) socket.write(chunk);
  }

  const cut = () => pairs.forEach((pair) => pair.forEach((socket) => socket.resetAndDestroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    weather(now) {
      weather = now;
      if (now === 'down') cut();
    },
    cut,
    loseAnswerTo: (text) => new Promise((done) => (wanted = { text, done: () => done() })),
    async close() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
