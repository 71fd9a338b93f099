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
  | 'slow'
  /** Nothing passes, and nobody is told: connections stay open, or open, and are dead from then on, in any weather. */
  | 'stalled';

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
  /** The ends of pairs through which nothing passes any more. */
  const dead = new WeakSet<Socket>();
  let weather: Weather = 'clear';
  let wanted: { readonly text: string; readonly done: () => void } | undefined;

  const kill = (sockets: readonly Socket[]) => sockets.forEach((socket) => dead.add(socket));
  const server = createServer((client) => {
    client.on('error', () => {});
    if (weather === 'down') return void client.resetAndDestroy();
    const upstream = connect(to);
    const pair = [client, upstream] as const;
    let losing: (() => void) | undefined;
    pairs.add(pair);
    if (weather === 'stalled') kill(pair);
    upstream.on('error', () => {});
    for (const socket of pair) {
      socket.on('close', () => {
        pairs.delete(pair);
        client.destroy();
        upstream.destroy();
      });
    }
    const [send, answer] = [passTo(upstream), passTo(client)];
    client.on('data', (chunk: Buffer) => {
      if (wanted && chunk.includes(wanted.text)) {
        losing = wanted.done;
        wanted = undefined;
      }
      send(chunk);
    });
    upstream.on('data', (chunk: Buffer) => {
      if (!losing) return answer(chunk);
      client.resetAndDestroy();
      losing();
    });
  });

  function passTo(socket: Socket): (chunk: Buffer) => void {
    // Each after the one before it, also when the weather gets better in between.
    let before = Promise.resolve();
    const pass = async (chunk: Buffer, late: boolean, earlier: Promise<void>) => {
      if (late) await sleep(SLOW_MS);
      await earlier;
      if (socket.writable && !dead.has(socket)) socket.write(chunk);
    };
    return (chunk) => {
      before = pass(chunk, weather === 'slow', before);
    };
  }

  const cut = () => pairs.forEach((pair) => pair.forEach((socket) => socket.resetAndDestroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    weather(now) {
      weather = now;
      if (now === 'down') cut();
      if (now === 'stalled') pairs.forEach(kill);
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
