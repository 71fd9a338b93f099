import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands before a server, and can be made to cut and refuse every connection, as if the server were gone. */
export interface RefusingProxy {
  readonly port: number;
  refuse(refusing: boolean): void;
  close(): Promise<void>;
}

export async function openRefusingProxy(to: {
  readonly host: string;
  readonly port: number;
}): Promise<RefusingProxy> {
  const sockets = new Set<Socket>();
  let refusing = false;
  const server = createServer((incoming) => {
    if (refusing) return void incoming.resetAndDestroy();
    const outgoing = connect(to);
    for (const socket of [incoming, outgoing]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        incoming.destroy();
        outgoing.destroy();
      });
    }
    incoming.pipe(outgoing).pipe(incoming);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => sockets.forEach((socket) => socket.resetAndDestroy());
  return {
    port: (server.address() as AddressInfo).port,
    refuse(now) {
      refusing = now;
      if (now) cut();
    },
    async close() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
