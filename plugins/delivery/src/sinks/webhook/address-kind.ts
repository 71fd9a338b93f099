import { BlockList, isIPv4, isIPv6 } from 'node:net';

/**
 * What an IP address leads to: `public`, anybody; `private`, this machine or the network around it; `never`, nothing a
 * message could be for, as the metadata services of clouds, groups, and addresses kept for examples.
 */
export type AddressKind = 'public' | 'private' | 'never';

const privateAddresses = blockListOf([
  '127.0.0.0/8',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  // Shared by the customers of a provider.
  '100.64.0.0/10',
  '::1/128',
  'fc00::/7',
]);

const neverAddresses = blockListOf([
  '0.0.0.0/8',
  // Link-local, and with it the metadata service of most clouds; the others have addresses of their own.
  '169.254.0.0/16',
  '100.100.100.200/32',
  '168.63.129.16/32',
  'fd00:ec2::/32',
  'fd20:ce::/32',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  // Of the addresses that are routed, those that stand for others or for none.
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
]);

/** All that is routed between networks. */
const routed = blockListOf(['2000::/3']);

/** The text of an address as `lookup` and a URL give it; what is no address leads nowhere. */
export function addressKind(address: string): AddressKind {
  if (isIPv4(address)) return kindOf4(address);
  if (!isIPv6(address) || address.includes('%')) return 'never';
  const inner = embeddedIn(address);
  if (inner !== undefined) return kindOf4(inner);
  if (neverAddresses.check(address, 'ipv6')) return 'never';
  if (privateAddresses.check(address, 'ipv6')) return 'private';
  return routed.check(address, 'ipv6') ? 'public' : 'never';
}

function kindOf4(address: string): AddressKind {
  if (neverAddresses.check(address, 'ipv4')) return 'never';
  return privateAddresses.check(address, 'ipv4') ? 'private' : 'public';
}

/** The IPv4 address that an IPv6 one stands for: `::ffff:a.b.c.d`, or through a translator, `64:ff9b::a.b.c.d`. */
function embeddedIn(address: string): string | undefined {
  // A URL writes every form of one address alike.
  const found = /^\[(?:::ffff|64:ff9b:):([\da-f]{1,4}):([\da-f]{1,4})\]$/.exec(
    new URL(`http://[${address}]`).hostname,
  );
  if (!found) return undefined;
  return found
    .slice(1)
    .map((group) => Number.parseInt(group, 16))
    .flatMap((group) => [group >> 8, group & 0xff])
    .join('.');
}

function blockListOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', bits] = range.split('/');
    list.addSubnet(network, Number(bits), isIPv4(network) ? 'ipv4' : 'ipv6');
  }
  return list;
}
