import { isIP } from 'node:net';

import { MobError } from '@mobkit/core';

import { addressKind } from './address-kind.js';

/** Which hosts may be called. Each is `name` for every port, or `name:port`; an IPv6 address stands in brackets. */
export interface HostRules {
  /**
   * Hosts that may have addresses of this machine and of networks that are not public. Link-local addresses, and with them
   * the metadata services of clouds, are refused all the same. @defaultValue none
   */
  readonly privateHosts?: readonly string[];
  /** The only hosts that may be called. Absent: every host with public addresses, and `privateHosts`. */
  readonly onlyHosts?: readonly string[];
}

/** Which of the addresses of a host may be connected to. */
export interface HostGuard {
  /** @throws MobError `MOB_DELIVERY_FAILED` for an address that is not called whatever its name leads to. */
  checkUrl(url: URL): void;
  /** @throws MobError `MOB_DELIVERY_FAILED` when one of the addresses that the host of `url` has may not be connected to. */
  checkAddresses(url: URL, addresses: readonly string[]): void;
}

/** @throws MobError `MOB_CONFIG_INVALID` for a rule that names no host. */
export function createHostGuard({ privateHosts = [], onlyHosts }: HostRules): HostGuard {
  const mayBePrivate = matcherOf('privateHosts', privateHosts);
  const mayBeCalled = onlyHosts && matcherOf('onlyHosts', onlyHosts);
  const guard: HostGuard = {
    checkUrl(url) {
      if (url.protocol !== 'http:' && url.protocol !== 'https:')
        throw refused(url, 'it is not http or https');
      if (url.username !== '' || url.password !== '') throw refused(url, 'it has a user or a password in it');
      if (mayBeCalled && !mayBeCalled(url)) throw refused(url, 'it is none of the hosts that may be called');
      const literal = bare(url.hostname);
      if (isIP(literal) !== 0) guard.checkAddresses(url, [literal]);
    },
    checkAddresses(url, addresses) {
      const kinds = addresses.map(addressKind);
      // One that is wrong is enough: a name for inside and outside at once is how such guards are passed by.
      if (kinds.includes('never')) throw refused(url, 'it leads to an address that is never called');
      if (kinds.includes('private') && !mayBePrivate(url)) {
        throw refused(
          url,
          'it leads to an address that is not public, and is no host for which that is allowed',
        );
      }
    },
  };
  return guard;
}

function matcherOf(option: string, hosts: readonly string[]): (url: URL) => boolean {
  const named = new Set(hosts.map((host) => normalHost(option, host)));
  return ({ protocol, hostname, port }) => {
    const used = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
    const name = withoutDot(hostname);
    return named.has(name) || named.has(`${name}:${used}`);
  };
}

/** As a URL writes it, with its port also where that is the usual one. */
function normalHost(option: string, given: string): string {
  const [, host = '', port] = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(given.trim()) ?? [];
  // A path or a user would be read over, and the rule be about another host than was meant.
  const written = /[/@?#\\\s]/.test(host) ? '' : host;
  if (written === '' || !URL.canParse(`http://${written}`)) {
    throw new MobError('MOB_CONFIG_INVALID', `webhook: ${option} names no host: ${JSON.stringify(given)}`);
  }
  const name = withoutDot(new URL(`http://${written}`).hostname);
  return port === undefined ? name : `${name}:${Number(port)}`;
}

/** `example.com.` is `example.com`. */
function withoutDot(hostname: string): string {
  return hostname.replace(/\.$/, '');
}

function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function refused(url: URL, why: string): MobError {
  // Not the path: with many receivers it is the secret.
  return new MobError('MOB_DELIVERY_FAILED', `webhook: ${url.protocol}//${url.host} is not called: ${why}`, {
    details: { host: url.host, reason: 'host_refused' },
  });
}
