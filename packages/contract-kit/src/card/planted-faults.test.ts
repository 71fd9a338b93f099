import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, expect, it } from 'vitest';

import {
  childFaults,
  eventFaults,
  metadataFaults,
  reopenFaults,
  sessionFaults,
} from '../../test/other-faults.js';
import { storageFaults } from '../../test/storage-faults.js';

const hooks = new URL('../../../../test-e2e/support/typescript-hooks.mjs', import.meta.url).href;
const program = fileURLToPath(new URL('../../test/run-broken.ts', import.meta.url));

const others = {
  'hands out in one process what another is just handing out': { chapter: 'processes' },
  'forgets sessions when it is closed': { chapter: 'restart' },
  'never closes': { chapter: 'closing' },
};
const chapterOf = {
  ...storageFaults,
  ...childFaults,
  ...reopenFaults,
  ...eventFaults,
  ...metadataFaults,
  ...sessionFaults,
  ...others,
};

const directory = mkdtempSync(join(tmpdir(), 'mobkit-faults-'));
afterAll(() => rmSync(directory, { recursive: true }));

let failedOf: ReadonlyMap<string, readonly string[]>;
beforeAll(async () => {
  failedOf = await run(['sound', ...Object.keys(chapterOf)]);
}, 480_000);

it('[kit.sound] finds nothing wrong with a sound store', () => {
  expect(failedOf.get('sound')).toEqual([]);
});

it.for(Object.entries(chapterOf))(
  '[kit.faults] notices by one chapter, and no other, a store that %s',
  ([fault, { chapter }]) => {
    expect(failedOf.get(fault)).toEqual([chapter]);
  },
);

interface Told {
  readonly fault: string;
  readonly failed: readonly { readonly chapter: string }[];
}

/** The chapters that failed of each broken store. In a process of its own: vitest does not run in itself. */
function run(faults: readonly string[]): Promise<Map<string, readonly string[]>> {
  const args = ['--conditions=@mobkit/source', '--import', hooks, program, directory, ...faults];
  const env = { ...process.env, MOBKIT_KILLS: '3' };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { env, timeout: 470_000 }, (error, stdout, stderr) => {
      if (error) return reject(new Error(stderr, { cause: error }));
      const lines = stdout.trim().split('\n');
      const told = lines.map((line) => JSON.parse(line) as Told);
      resolve(new Map(told.map(({ fault, failed }) => [fault, failed.map(({ chapter }) => chapter)])));
    });
  });
}
