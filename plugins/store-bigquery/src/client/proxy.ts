import type { Agent } from 'node:http';

import { gaxios } from 'google-auth-library';

import type { Endpoint } from './endpoint.js';

type Adapter = NonNullable<gaxios.GaxiosOptions['adapter']>;

/**
 * What sends through the proxy that the environment names for an endpoint, as the official client finds it; undefined when there
 * is none. Asks nobody. For a server on this machine there is none: a proxy is another machine, and would be sent the token in the
 * clear.
 */
export async function findProxy({ origin, loopback }: Endpoint): Promise<Agent | undefined> {
  if (loopback) return undefined;
  let agent: unknown;
  // Is told what a request would be sent with, and sends nothing.
  const adapter = (prepared: { readonly agent?: unknown }) => {
    ({ agent } = prepared);
    return Promise.resolve(Object.assign(new Response(), { config: prepared, data: '' }));
  };
  await new gaxios.Gaxios().request({ url: origin, adapter: adapter as unknown as Adapter });
  return agent as Agent | undefined;
}
