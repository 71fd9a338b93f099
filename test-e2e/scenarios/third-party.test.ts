import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { packPackages } from '../../scripts/pack-packages.mjs';
import { workspaceRoot } from '../../scripts/workspace-root.mjs';
import { type AppProcess, mobkit, startServer } from '../support/app-process.js';
import { readFrames } from '../support/event-stream.js';
import { Program } from '../support/program.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const NAME = '@acme/mobkit-store-foo';
const pnpm = join(workspaceRoot, 'node_modules', '.bin', 'pnpm');
const installed = (name: string) => `link:${join(workspaceRoot, 'node_modules', name)}`;

type Json = Record<string, Record<string, unknown>>;

/** Installs what is in the directory from tarballs and from what is installed here: nothing is fetched. */
async function install(directory: string, tarballs: Record<string, string>): Promise<void> {
  const file = join(directory, 'package.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Json;
  const links = Object.fromEntries(
    ['typescript', 'vitest', '@types/node'].map((name) => [name, installed(name)]),
  );
  const overrides = { ...tarballs, ...links };
  writeFileSync(file, JSON.stringify({ ...manifest, pnpm: { overrides } }));
  const end = await new Program(pnpm, ['install', '--offline', '--ignore-workspace'], { cwd: directory })
    .ended;
  expect(end).toMatchObject({ code: 0 });
}

async function npm(directory: string, ...args: readonly string[]) {
  return new Program('npm', ['--silent', ...args], {
    cwd: directory,
    env: { ...process.env, MOBKIT_KILLS: '2' },
  }).ended;
}

it('[door.third-party] [door.scaffold-tests] brings a store of somebody else from nothing to a mob that outlives its process', async () => {
  const outside = temporaryDirectory();
  const store = join(outside, 'a store');
  const made = await mobkit(['plugin', 'new', NAME, '--dir', store]);
  expect(made).toMatchObject({ code: 0, stdout: expect.stringContaining(`Made ${NAME} in ${store}`) });
  expect(made.stdout).toMatch(/^ {2}cd '.*a store'$/m);

  const ours = ['core', 'di', 'contract-kit'].map((name) => join(workspaceRoot, 'packages', name));
  const packed = packPackages(ours, outside).map(({ name, tarball }) => [name, `file:${tarball}`]);
  const tarballs = Object.fromEntries(packed) as Record<string, string>;
  await install(store, tarballs);

  // As made, it is a store that keeps nothing, says so, and passes what is left.
  expect(await npm(store, 'test')).toMatchObject({ code: 0 });

  const [journal = '', supports = ''] = documentedSteps();
  writeFileSync(join(store, 'src', 'journal.ts'), journal);
  change(join(store, 'src', 'supports.ts'), /^export const supports = .*$/m, supports.trim());
  const second = await npm(store, 'run', 'conformance', '--', '--json');
  expect(second.code).toBe(0);
  const card = JSON.parse(second.stdout) as Card;
  expect(card).toMatchObject({
    passed: true,
    supports: { durable: true, processes: 'one', cursor: 'strict' },
  });
  // The same as tests, which run from the sources.
  expect(await npm(store, 'test')).toMatchObject({ code: 0 });
  const ran = card.contracts.flatMap(({ chapters }) => chapters).filter(({ result }) => result === 'passed');
  expect(ran.map(({ chapter }) => chapter)).toEqual(expect.arrayContaining(['restart', 'kill']));

  const site = join(outside, 'site');
  mkdirSync(site);
  const tarball = await npm(store, 'pack', '--pack-destination', outside);
  expect(tarball).toMatchObject({ code: 0, stdout: 'acme-mobkit-store-foo-0.1.0.tgz\n' });
  const dependencies = { [NAME]: `file:${join(outside, tarball.stdout.trim())}`, '@mobkit/di': '*' };
  writeFileSync(join(site, 'package.json'), JSON.stringify({ name: 'site', private: true, dependencies }));
  await install(site, tarballs);
  expect(existsSync(join(site, 'node_modules', NAME, 'dist', 'conformance.js'))).toBe(false);
  writeFileSync(join(site, 'mob.toml'), MOB);
  writeFileSync(join(site, 'mobkit.config.toml'), CONFIG);
  const args = [join(site, 'mob.toml'), '--state', join(outside, 'state')];
  const listed = await mobkit(['plugins', ...args, '--json']);
  const { plugins } = JSON.parse(listed.stdout) as { plugins: readonly { name: string }[] };
  expect(plugins.find(({ name }) => name === 'mobkit-store-foo')).toMatchObject({
    from: { kind: 'package', package: NAME, version: '0.1.0' },
    holds: ['Storage', 'EventLogStore', 'PersistentMetadataStore'],
    supports: { durable: true },
  });

  const server = startServer([...args, '--require-durable']);
  const answered = readFrames(
    `${await server.url()}/agents/one/events`,
    (frames) => frames.some(({ event }) => event === 'run_completed'),
    'one:0.0',
  );
  await server.rpc('mobkit/send_message', { member_id: 'one', message: 'remember this' });
  await answered;
  const [events, ledger] = await keptBy(server);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1));
  expect(JSON.stringify(events)).toContain('remember this');
  await server.kill();
  const again = startServer([...args, '--require-durable']);
  const [eventsAfter, ledgerAfter] = await keptBy(again);
  expect(eventsAfter.slice(0, events.length)).toEqual(events);
  expect(ledgerAfter.slice(0, ledger.length)).toEqual(ledger);
  expect(existsSync(join(site, 'data', 'journal.ndjson'))).toBe(true);
}, 180_000);

interface Card {
  readonly contracts: readonly { readonly chapters: readonly { chapter: string; result: string }[] }[];
}

/** The events and the ledger, as far as they are in the store. */
async function keptBy(server: AppProcess) {
  const events = await server.rpc<readonly { readonly seq: number }[]>('mobkit/query_events', {
    limit: 1000,
  });
  const ledger = await server.rpc<{ events: readonly object[] }>('mobkit/mob_events/query', { after_seq: 0 });
  return [events, ledger.events] as const;
}

const MOB = `[mob]
id = "outside"

[profiles.worker]
model = "scripted"
external_addressable = true
tools = { comms = true }

[[members]]
identity = "one"
profile = "worker"
`;

const CONFIG = `[event_log]
batch_size = 1

[store]
plugin = "${NAME}"
options = { directory = "data" }
`;

/** The code that docs/write-a-store.md has its reader write, in order. */
function documentedSteps(): readonly string[] {
  const text = readFileSync(join(workspaceRoot, 'docs', 'write-a-store.md'), 'utf8');
  return [...text.matchAll(/^```typescript\n(.*?)^```$/gms)].map(([, code = '']) => code);
}

function change(file: string, what: RegExp, into: string): void {
  const text = readFileSync(file, 'utf8');
  expect(text).toMatch(what);
  writeFileSync(
    file,
    text.replace(what, () => into),
  );
}
