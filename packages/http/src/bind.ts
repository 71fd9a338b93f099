import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { MobError } from '@mobkit/core';

const LOOPBACK: Readonly<Record<string, string>> = {
  // By number, so that no hosts file can make it another machine's.
  localhost: '127.0.0.1',
  '127.0.0.1': '127.0.0.1',
  '::1': '::1',
};

/** @throws MobError `MOB_CONFIG_INVALID` for a host that is not this machine alone. */
export function loopbackAddress(host: string): string {
  const address = LOOPBACK[host];
  if (address !== undefined) return address;
  throw new MobError(
    'MOB_CONFIG_INVALID',
    `Will not listen on "${host}": nobody is asked who they are, so only this machine may reach it. ` +
      'Use 127.0.0.1, ::1 or localhost',
    { details: { host } },
  );
}

/** Listens, and says where. @throws MobError `MOB_CONFIG_INVALID` (`details.port`) when that cannot be. */
export async function bind(server: Server, host: string, port: number): Promise<AddressInfo> {
  try {
    server.listen({ host, port });
    await once(server, 'listening');
  } catch (cause) {
    throw new MobError('MOB_CONFIG_INVALID', `Cannot listen on port ${port} of ${host}: ${whatToDo(cause)}`, {
      cause,
      details: { host, port },
    });
  }
  return server.address() as AddressInfo;
}

function whatToDo(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return 'it is in use. Stop what listens there, or choose another port';
  if (code === 'EACCES') return 'it needs more rights. Choose a port above 1023';
  return message;
}
