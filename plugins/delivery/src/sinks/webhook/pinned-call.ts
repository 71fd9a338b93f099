import { lookup as systemLookup } from 'node:dns';
import type { LookupAddress, LookupOptions } from 'node:dns';

import { Agent, buildConnector, fetch, type RequestInit, type Response } from 'undici';

import type { HostGuard } from './host-rules.js';

/** Answers every address of a host. */
export type Resolve = (
  hostname: string,
  options: LookupOptions,
  done: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void;

/** One request over a connection of its own. */
export interface PinnedCall {
  fetch(init: RequestInit): Promise<Response>;
  /** How far it came. Only what is `connected` can have been heard. */
  readonly stage: 'begun' | 'connecting' | 'connected';
  /** Why the guard did not let it connect. */
  readonly refusal: unknown;
  /** Cuts the connection. */
  close(): Promise<void>;
}

const resolveBySystem: Resolve = (hostname, options, done) =>
  systemLookup(hostname, { ...options, all: true }, (error, addresses) => done(error, addresses ?? []));

/**
 * Prepares a request whose connection is made to the very address that was checked: the name is not asked for again, so that
 * an answer that has changed meanwhile counts for nothing. No proxy of the environment stands between.
 */
export function openPinnedCall(url: URL, guard: HostGuard, resolve: Resolve = resolveBySystem): PinnedCall {
  let stage: PinnedCall['stage'] = 'begun';
  let refusal: unknown;
  const connect = buildConnector({
    // The call as a whole has a time limit.
    timeout: 0,
    lookup(hostname, options, done) {
      resolve(hostname, options, (error, addresses) => {
        if (error) return done(error, []);
        try {
          guard.checkAddresses(
            url,
            addresses.map(({ address }) => address),
          );
        } catch (refused) {
          refusal = refused;
          return done(refused as Error, []);
        }
        const [first] = addresses;
        if (options.all || !first) return done(null, [...addresses]);
        done(null, first.address, first.family);
      });
    },
  });
  const agent = new Agent({
    // A connection that was kept may have ended when it is used again, and nobody could say what arrived.
    pipelining: 0,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect(options, done) {
      stage = 'connecting';
      connect(options, (...[error, socket]) => {
        if (error || !socket) return done(error ?? new Error('no connection'), null);
        stage = 'connected';
        done(null, socket);
      });
    },
  });
  return {
    fetch: (init) => fetch(url, { ...init, redirect: 'manual', dispatcher: agent }),
    get stage() {
      return stage;
    },
    get refusal() {
      return refusal;
    },
    close: () => agent.destroy(),
  };
}
