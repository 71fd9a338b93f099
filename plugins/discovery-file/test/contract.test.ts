import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { agentDiscoverySpecToJson, type AgentDiscoverySpec, type DesiredPeerEdge } from '@mobkit/core';
import { describeDiscovery, describeEdgeDiscovery } from '@mobkit/contract-kit';
import { createFileDiscovery } from '@mobkit/discovery-file';
import { describe } from 'vitest';
import { stringify } from 'smol-toml';

import { temporaryDirectory } from './temporary-directory.js';

describe('[discovery.file-contract]', () => {
  describeDiscovery({
    name: 'a JSON file that is replaced',
    watches: true,
    tellsFailures: true,
    async open() {
      const { directory, remove } = await temporaryDirectory();
      const file = join(directory, 'members.json');
      const replace = async (text: string) => {
        await writeFile(`${file}.new`, text);
        await rename(`${file}.new`, file);
      };
      const desire = (specs: readonly AgentDiscoverySpec[]) =>
        replace(JSON.stringify({ members: specs.map(agentDiscoverySpecToJson) }));
      await desire([]);
      const { discovery, close } = createFileDiscovery({ file });
      return { source: discovery, desire, fail: () => replace('{"members": ['), close: both(close, remove) };
    },
  });

  describeEdgeDiscovery({
    name: 'a TOML file that is written in place',
    watches: true,
    tellsFailures: true,
    async open() {
      const { directory, remove } = await temporaryDirectory();
      const file = join(directory, 'members.toml');
      const desire = (edges: readonly DesiredPeerEdge[]) =>
        writeFile(file, stringify({ members: [], edges: [...edges] }));
      await desire([]);
      const { edgeDiscovery, close } = createFileDiscovery({ file });
      const fail = () => writeFile(file, 'members = [\n');
      return { source: edgeDiscovery, desire, fail, close: both(close, remove) };
    },
  });
});

function both(close: () => Promise<void>, remove: () => Promise<void>) {
  return async () => {
    await close();
    await remove();
  };
}
