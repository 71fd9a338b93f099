import { mkdir, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { DiscoveryContext, DiscoveryWatcher, MobError } from '@mobkit/core';
import { createFileDiscovery, type FileDiscovery } from '@mobkit/discovery-file';
import { beforeEach, expect, it, onTestFinished } from 'vitest';

import { temporaryDirectory } from './temporary-directory.js';

let directory = '';
beforeEach(async () => {
  const made = await temporaryDirectory();
  ({ directory } = made);
  return made.remove;
});

const context: DiscoveryContext = {
  mobId: 'm',
  labels: {},
  trigger: 'bootstrap',
  signal: new AbortController().signal,
};

it('[discovery.file-toml] reads every field of a TOML file, and edges once', async () => {
  const source = await open(
    'shape.toml',
    `
[[members]]
identity = "lead"
profile = "lead"

[[members]]
agent_identity = "worker-1"
role = "worker"
labels = { team = "a" }
additional_instructions = ["Be brief."]
resume_session_id = "s-1"
[members.context]
since = 2026-01-02T03:04:05Z
deep = [{ n = 1 }]

[[edges]]
a = "worker-1"
b = "lead"
[[edges]]
a = "lead"
b = "worker-1"
`,
  );
  expect(await source.discovery.discover(context)).toEqual([
    { identity: 'lead', profile: 'lead' },
    {
      identity: 'worker-1',
      profile: 'worker',
      labels: { team: 'a' },
      additionalInstructions: ['Be brief.'],
      resumeSessionId: 's-1',
      context: { since: '2026-01-02T03:04:05.000Z', deep: [{ n: 1 }] },
    },
  ]);
  expect(await source.edgeDiscovery.discoverEdges([], context)).toEqual([{ a: 'lead', b: 'worker-1' }]);
});

it.each([
  ['a.toml', '', 'MOB_DISCOVERY_INVALID', 'members', undefined],
  ['a.toml', 'members = []\nagents = []', 'MOB_DISCOVERY_INVALID', 'agents', 2],
  ['a.toml', 'members = [\n\n', 'MOB_DISCOVERY_INVALID', undefined, 3],
  ['a.toml', '[[members]]\nidentity = "a"\n', 'MOB_DISCOVERY_INVALID', 'members[0].role', 1],
  [
    'a.toml',
    '[[members]]\nidentity = "a"\nrole = "p"\n[[members]]\nrole = "p"\nidentity = "a"\n',
    'MOB_DISCOVERY_INVALID',
    'members[1].identity',
    6,
  ],
  [
    'a.toml',
    '[[members]]\nidentity = "a"\nrole = "p"\n[members.labels]\nx = 1\n',
    'MOB_DISCOVERY_INVALID',
    'members[0].labels.x',
    4,
  ],
  ['a.toml', 'members = []\n\n[[edges]]\na = "a"\nb = "a "\n', 'MOB_WIRING_INVALID', 'edges[0]', 3],
  ['a.json', '{"members": [', 'MOB_DISCOVERY_INVALID', undefined, 1],
  ['a.json', '{\n "members": [],\n "edges": [}]\n}', 'MOB_DISCOVERY_INVALID', undefined, 3],
  ['a.json', '[]', 'MOB_DISCOVERY_INVALID', '', undefined],
  [
    'a.json',
    '{"members": [\n {"identity": "a", "role": "p",\n  "labels": {"t": "]}[{"}},\n {"identity": "b",\n  "role": ""}\n]}',
    'MOB_DISCOVERY_INVALID',
    'members[1].role',
    5,
  ],
])(
  '[discovery.file-invalid] says of %s that holds %j what is wrong on which line',
  async (name, text, code, field, line) => {
    const source = await open(name, text);
    const file = join(directory, name);
    const place = line === undefined ? file : `${file}:${line}`;
    await expect(source.discovery.discover(context)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(`${place}: `) as string,
      details: { file, ...(field !== undefined && { field }), ...(line !== undefined && { line }) },
    });
  },
);

it('[discovery.file-missing] cannot say who should exist without the file, nor by something else in its place', async () => {
  const file = join(directory, 'a.json');
  const source = opened(file);
  const unavailable = { code: 'MOB_DISCOVERY_UNAVAILABLE', details: { file } };
  await expect(source.discovery.discover(context)).rejects.toMatchObject({ ...unavailable, retryable: true });
  await mkdir(file);
  await expect(source.discovery.discover(context)).rejects.toMatchObject({
    ...unavailable,
    retryable: false,
  });
  await rm(file, { recursive: true });
  await writeFile(file, Buffer.alloc(16 * 1024 * 1024 + 1, ' '));
  await expect(source.discovery.discover(context)).rejects.toMatchObject({
    ...unavailable,
    retryable: false,
  });
  expect(() => createFileDiscovery({ file: 'members.yaml' })).toThrow(
    expect.objectContaining({ code: 'MOB_CONFIG_INVALID' }) as Error,
  );
});

it('[discovery.file-watch] keeps quiet of a file that is invalid or gone but for one error, and tells when it is right again', async () => {
  const source = await open('a.json', '{"members": []}');
  const file = join(directory, 'a.json');
  const told = watch(source);
  await writeFile(file, '{"members": [{"identity": "a"}]}');
  expect(await told()).toMatchObject({
    code: 'MOB_DISCOVERY_INVALID',
    details: { file, field: 'members[0].role', line: 1 },
  });
  await unlink(file);
  await writeFile(file, '{"members": []}');
  expect(await told()).toBe('change');
  await unlink(file);
  expect(await told()).toMatchObject({ code: 'MOB_DISCOVERY_UNAVAILABLE', details: { file } });
});

it('[discovery.file-watch] follows a link that is pointed elsewhere, and a directory that is replaced', async () => {
  const version = async (name: string, text: string) => {
    const path = join(directory, name);
    await mkdir(path);
    await writeFile(join(path, 'a.json'), text);
    return path;
  };
  await version('one', '{"members": []}');
  await symlink('one', join(directory, 'current'));
  await symlink(join('current', 'a.json'), join(directory, 'a.json'));
  const linked = watch(opened(join(directory, 'a.json')));
  await version('two', '{"members": [{"identity": "a", "role": "p"}]}');
  await symlink('two', join(directory, 'next'));
  await rename(join(directory, 'next'), join(directory, 'current'));
  expect(await linked()).toBe('change');

  const replaced = watch(opened(join(directory, 'one', 'a.json')));
  await rename(join(directory, 'one'), join(directory, 'old'));
  expect(await replaced()).toMatchObject({ code: 'MOB_DISCOVERY_UNAVAILABLE' });
  await rename(join(directory, 'two'), join(directory, 'one'));
  expect(await replaced()).toBe('change');
  await writeFile(join(directory, 'one', 'a.json'), '{"members": []}');
  expect(await replaced()).toBe('change');
});

it('[discovery.file-watch] does not read a file again because of what else happens beside it', async () => {
  const source = await open('a.json', '{"members": []}');
  const told = watch(source);
  const file = join(directory, 'a.json');
  await writeFile(file, '{"members": []}\n');
  expect(await told()).toBe('change');
  await writeFile(join(directory, 'log'), 'line');
  await writeFile(file, '{ "members": [] }');
  expect(await told()).toBe('change');
  expect(told.waiting()).toBe(0);
});

it('[discovery.file-closed] tells nobody anything when it is closed, refuses calls, and closes twice', async () => {
  const source = await open('a.json', '{"members": []}');
  let told = false;
  source.discovery.watch?.({ onChange: () => (told = true) });
  const other = watch(opened(join(directory, 'a.json')));
  await source.close();
  await source.close();
  await writeFile(join(directory, 'a.json'), '{"members": [] }');
  expect(await other()).toBe('change');
  expect(told).toBe(false);
  await expect(source.discovery.discover(context)).rejects.toThrow(TypeError);
  expect(() => source.edgeDiscovery.watch?.({ onChange: () => {} })).toThrow(TypeError);
});

async function open(name: string, text: string): Promise<FileDiscovery> {
  await writeFile(join(directory, name), text);
  return opened(join(directory, name));
}

function opened(file: string): FileDiscovery {
  const source = createFileDiscovery({ file });
  onTestFinished(() => source.close());
  return source;
}

/** Watches; answers what is told next. */
function watch({ discovery }: FileDiscovery) {
  const waiting: ('change' | MobError)[] = [];
  let wake = () => {};
  const tell = (what: 'change' | MobError) => {
    waiting.push(what);
    wake();
  };
  const watcher: DiscoveryWatcher = { onChange: () => tell('change'), onError: tell };
  discovery.watch?.(watcher);
  const next = async () => {
    if (waiting.length === 0) await new Promise<void>((resolve) => (wake = resolve));
    return waiting.shift();
  };
  return Object.assign(next, { waiting: () => waiting.length });
}
