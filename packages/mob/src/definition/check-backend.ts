import type { CheckedDefinition } from './definition-schema.js';
import { error, type Finding } from './finding.js';

/** Checks the description of external members, whether or not anybody asks for them. */
export function checkBackend({ backend, profiles }: CheckedDefinition): Finding[] {
  const external = backend?.external;
  if (!external) {
    const asking = Object.entries(profiles).find(([, profile]) => profile.backend === 'external');
    const path = asking ? ['profiles', asking[0], 'backend'] : ['backend', 'default'];
    if (!asking && backend?.default !== 'external') return [];
    return [
      error('missing_external_backend_config', path, 'External members need a table [backend.external]'),
    ];
  }
  const findings: Finding[] = [];
  const refuse = (key: readonly string[], message: string) =>
    findings.push(error('invalid_external_backend_config', ['backend', 'external', ...key], message));
  if (external.address_base.trim() === '')
    refuse(['address_base'], 'is blank: give the address members are under');
  const { bind_address: bind, advertised_address: advertised } = external.supervisor_bridge ?? {};
  if (bind !== undefined && !isSocketAddress(bind)) {
    refuse(
      ['supervisor_bridge', 'bind_address'],
      `"${bind}" is not an address with a port, like 127.0.0.1:7000`,
    );
  } else if (bind !== undefined && isWildcard(bind) && advertised === undefined) {
    const message = `"${bind}" is every address: say in advertised_address which one members call`;
    refuse(['supervisor_bridge', 'bind_address'], message);
  }
  if (advertised !== undefined && !isTcpAddress(advertised)) {
    const message = `"${advertised}" is not a TCP address, like tcp://10.0.0.5:7000`;
    refuse(['supervisor_bridge', 'advertised_address'], message);
  }
  return findings;
}

function isSocketAddress(address: string): boolean {
  const [, port] = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[\da-fA-F:.]+\]):(\d{1,5})$/.exec(address) ?? [];
  return port !== undefined && Number(port) <= 65_535;
}

function isWildcard(address: string): boolean {
  return address.startsWith('0.0.0.0:') || /^\[[0:]+\]:/.test(address);
}

function isTcpAddress(address: string): boolean {
  return /^tcp:\/\/[^\s/]+:\d{1,5}$/.test(address);
}
