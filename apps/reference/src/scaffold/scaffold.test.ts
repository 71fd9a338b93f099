import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, it, onTestFinished } from 'vitest';

import { packageNames } from './package-names.js';
import { packageVersions } from './package-versions.js';
import { writePackage } from './write-package.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

function temporary(): string {
  const directory = mkdtempSync(join(tmpdir(), 'mobkit-scaffold-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

const words = { ...packageNames('@acme/mobkit-store-foo'), ...packageVersions() };

it.each([
  ['store-foo', 'store-foo', 'Foo', 'storeFoo'],
  ['@acme/mobkit-store-foo', 'mobkit-store-foo', 'Foo', 'storeFoo'],
  ['@acme.co/foo-bar', 'foo-bar', 'FooBar', 'storeFooBar'],
  ['store-2x', 'store-2x', 'Store2x', 'store2x'],
  ['mobkit-3d', 'mobkit-3d', 'Store3d', 'store3d'],
  ['store', 'store', 'Store', 'storeStore'],
  ['mobkit', 'mobkit', 'Own', 'storeOwn'],
])('[door.scaffold-names] calls what is in %s after it', (name, base, Foo, storeFoo) => {
  expect(packageNames(name)).toEqual({ package: name, base, Foo, storeFoo });
});

it.each([
  'Foo',
  '../foo',
  'a--b',
  '-a',
  'a-',
  '2x',
  'a b',
  'a/b',
  '@acme/',
  '@/foo',
  'fs',
  '@acme/../x',
  'a.b',
  'a\n',
  'a'.repeat(215),
])('[door.scaffold-names] refuses the name %j', (name) => {
  expect(() => packageNames(name)).toThrow(expect.objectContaining({ code: 'mobkit/usage' }));
});

it('[door.scaffold] writes a package with two doors, the kit, a workflow and a licence field, into an empty directory too', () => {
  const target = join(temporary(), 'a', 'foo');
  mkdirSync(target, { recursive: true });
  writePackage(target, words);
  expect(readdirSync(target).toSorted()).toEqual(
    ['.github', '.gitignore', 'README.md', 'package.json', 'src', 'test', 'tsconfig.json'].toSorted(),
  );
  const manifest = JSON.parse(readFileSync(join(target, 'package.json'), 'utf8')) as object;
  expect(manifest).toMatchObject({
    name: '@acme/mobkit-store-foo',
    license: 'UNLICENSED',
    exports: { '.': {}, './plugin': {} },
    dependencies: { '@mobkit/core': `^${words.core}` },
  });
  expect(readdirSync(join(target, '..'))).toEqual(['foo']);
});

it('[door.scaffold-place] leaves a directory that is there the same, also behind a link', () => {
  const directory = temporary();
  const target = join(directory, 'foo');
  mkdirSync(target, { mode: 0o700 });
  const { ino, mode } = statSync(target);
  symlinkSync('foo', join(directory, 'link'));
  writePackage(join(directory, 'link'), words);
  expect(statSync(target)).toMatchObject({ ino, mode });
  expect(readdirSync(target).toSorted()).toContain('package.json');
  expect(
    readdirSync(target)
      .filter((name) => name.startsWith('.'))
      .toSorted(),
  ).toEqual(['.github', '.gitignore']);
  expect(readdirSync(directory).toSorted()).toEqual(['foo', 'link']);

  const empty = join(directory, 'empty');
  mkdirSync(empty);
  const { kit: _, ...fewer } = words;
  expect(() => writePackage(empty, fewer)).toThrow(expect.objectContaining({ code: 'mobkit/unwritable' }));
  expect(readdirSync(empty)).toEqual([]);
});

it('[door.scaffold] rests on the versions that this repository is tested with', () => {
  const target = join(temporary(), 'foo');
  writePackage(target, words);
  const read = (path: string) =>
    JSON.parse(readFileSync(path, 'utf8')) as { devDependencies: Record<string, string> };
  const { devDependencies: made } = read(join(target, 'package.json'));
  const { devDependencies: ours } = read(join(root, 'package.json'));
  const vitest = /^ {2}vitest: (.*)$/m.exec(readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8'))?.[1];
  expect(made).toMatchObject({ typescript: ours['typescript'], '@types/node': ours['@types/node'], vitest });
});

it('[door.scaffold-whole] writes nothing where something is, and nothing half', () => {
  const directory = temporary();
  const target = join(directory, 'foo');
  mkdirSync(target);
  writeFileSync(join(target, 'mine'), 'x');
  expect(() => writePackage(target, words)).toThrow(expect.objectContaining({ code: 'mobkit/exists' }));
  expect(() => writePackage(join(target, 'mine'), words)).toThrow(
    expect.objectContaining({ code: 'mobkit/exists' }),
  );
  expect(() => writePackage(join(target, 'mine', 'foo'), words)).toThrow(
    expect.objectContaining({ code: 'mobkit/unwritable' }),
  );
  // Fails in the middle: a template wants a word that is not given.
  const { kit: _, ...fewer } = words;
  expect(() => writePackage(join(directory, 'bar'), fewer)).toThrow(
    expect.objectContaining({ code: 'mobkit/unwritable' }),
  );
  expect(readdirSync(directory, { recursive: true, encoding: 'utf8' }).toSorted()).toEqual([
    'foo',
    'foo/mine',
  ]);
});
