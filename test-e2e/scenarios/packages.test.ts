import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import { expect, it } from 'vitest';

import { apiProblems, undocumentedExports } from '../../scripts/api-problems.mjs';
import { apiReports } from '../../scripts/api-report.mjs';
import { installedClosure } from '../../scripts/installed-closure.mjs';
import { compileProblems, runProblems } from '../../scripts/outside-project.mjs';
import { smallestProblems } from '../../scripts/package-sizes.mjs';
import { publicDoors } from '../../scripts/public-doors.mjs';
import { sizeProblems, withSizeTable } from '../../scripts/size-table.mjs';
import { workspaceRoot } from '../../scripts/workspace-root.mjs';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** The report of a workspace of one package with these declarations, by the name of its file. */
function reportsOf(declarations: string): Map<string, string> {
  const root = temporaryDirectory();
  for (const folder of ['packages/lamp/dist', 'plugins', 'apps', 'scratch']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  const exports = {
    '.': { types: './dist/index.d.ts', default: './dist/index.js' },
    './package.json': './package.json',
  };
  const manifest = { name: '@mobkit/lamp', version: '1.0.0', type: 'module', exports };
  writeFileSync(join(root, 'packages/lamp/package.json'), JSON.stringify(manifest));
  writeFileSync(join(root, 'packages/lamp/dist/index.d.ts'), declarations);
  return apiReports(publicDoors(root), join(root, 'scratch'));
}

const LAMP = `
interface Bulb {
  readonly watts: number;
}
/** A lamp. */
export interface Lamp {
  readonly bulb: Bulb;
}
export {};
`;

it('[packages.api] tells which lines of an interface are not those of the report that is kept', () => {
  const kept = reportsOf(LAMP);
  expect([...kept.keys()]).toEqual(['lamp.api.md']);
  expect(apiProblems(kept, kept)).toEqual([]);
  // Not exported itself, but part of what is.
  expect(apiProblems(kept, reportsOf(LAMP.replace('watts: number', 'watts: string')))).toEqual([
    'lamp.api.md: -     readonly watts: number;',
    'lamp.api.md: +     readonly watts: string;',
  ]);
  expect(apiProblems(new Map(), kept)).toEqual(['lamp.api.md: there is no report of this door yet']);
  expect(apiProblems(kept, new Map())).toEqual(['lamp.api.md: there is no such door any more']);
});

it('[packages.documented] names every export that no comment says anything about', () => {
  const [report = ''] = reportsOf(`${LAMP}
export declare function light(lamp: Lamp): void;
/** @throws TypeError */
export declare const off: number;
export interface Shade {
  readonly color: string;
}
`).values();
  expect(undocumentedExports(report)).toEqual([
    'export function light(lamp: Lamp): void',
    'export const off: number',
    'export interface Shade',
  ]);
});

const OURS = Number(process.versions.node.split('.')[0]);

/** A project with this package of ours installed. */
function projectWith(files: Readonly<Record<string, string>>): string {
  const root = temporaryDirectory();
  const lamp = join(root, 'node_modules', '@mobkit', 'lamp');
  mkdirSync(lamp, { recursive: true });
  const exports = { '.': { types: './index.d.ts', default: './index.js' } };
  const manifest = { name: '@mobkit/lamp', version: '1.0.0', type: 'module', exports };
  for (const [name, text] of Object.entries({ 'package.json': JSON.stringify(manifest), ...files })) {
    writeFileSync(join(lamp, name), text);
  }
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
  symlinkSync(join(workspaceRoot, 'node_modules', '@types'), join(root, 'node_modules', '@types'));
  return root;
}

it('[packages.outside] tells what a package names and does not bring, in its declarations and in its code', async () => {
  const sound = { 'index.d.ts': 'export declare const lamp: 1;', 'index.js': 'export const lamp = 1;' };
  const doors = ['@mobkit/lamp'];
  const good = projectWith(sound);
  expect(await compileProblems(doors, 'nodenext', good)).toEqual([]);
  expect(await runProblems(doors, OURS, good)).toEqual([]);

  const types = projectWith({ ...sound, 'index.d.ts': "export type { Bulb as lamp } from 'bulb';" });
  expect(await compileProblems(doors, 'bundler', types)).toEqual([
    expect.stringMatching(/^with bundler resolution: .*index\.d\.ts.* Cannot find module 'bulb'/),
  ]);
  const code = projectWith({ ...sound, 'index.js': "export { lamp } from 'bulb';" });
  expect((await runProblems(doors, OURS, code)).join('\n')).toContain(
    `on Node ${OURS}: Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'bulb'`,
  );
});

it('[packages.sizes] tells which counts are others than those that are kept, and which sizes are far from them', () => {
  const size = (name: string, packages: number, kB: number) => ({
    name,
    packed: kB * 1_000,
    unpacked: kB * 2_000,
    packages,
    installed: kB * 9_000,
  });
  const marks = 'Sizes:\n<!-- written by npm run packages:sizes -- --write -->\n<!-- end -->\nThat is all.\n';
  const kept = withSizeTable(marks, [size('lamp', 30, 100), size('bulb', 1, 10)]);
  expect(withSizeTable(kept, [size('lamp', 30, 100), size('bulb', 1, 10)])).toBe(kept);
  expect(sizeProblems(kept, [size('lamp', 30, 114), size('bulb', 1, 9)])).toEqual([]);
  expect(sizeProblems(kept, [size('lamp', 31, 100), size('shade', 1, 10)])).toEqual([
    'lamp: 31 packages in place of 30',
    'shade has no row',
    'bulb is not published any more',
  ]);
  expect(sizeProblems(kept, [size('lamp', 30, 100), { ...size('bulb', 1, 10), installed: 110_000 }])).toEqual(
    ['bulb: 110 kB in place of 90'],
  );
});

it('[packages.smallest] counts a package once that several need, and refuses a smallest server that is not small', () => {
  const root = temporaryDirectory();
  const install = (path: string, manifest: object) => {
    mkdirSync(join(root, path), { recursive: true });
    writeFileSync(join(root, path, 'package.json'), JSON.stringify(manifest));
  };
  install('lamp', {
    dependencies: { bulb: '1', shade: '1' },
    peerDependencies: { wall: '1', plug: '1' },
    peerDependenciesMeta: { wall: { optional: true } },
    optionalDependencies: { elsewhere: '1' },
  });
  for (const name of ['bulb', 'plug', 'wall']) install(`lamp/node_modules/${name}`, {});
  install('node_modules/shade', { dependencies: { bulb: '1' } });
  install('node_modules/bulb', {});
  const found = [...installedClosure([join(root, 'lamp')])].map((path) => relative(realpathSync(root), path));
  expect(found.toSorted()).toEqual([
    'lamp',
    'lamp/node_modules/bulb',
    'lamp/node_modules/plug',
    'node_modules/bulb',
    'node_modules/shade',
  ]);
  const size = { name: 'smallest', packed: 1, unpacked: 1, packages: 39, installed: 19_999_999 };
  expect(smallestProblems([size])).toEqual([]);
  expect(smallestProblems([{ ...size, packages: 40 }])).toHaveLength(1);
  expect(smallestProblems([{ ...size, installed: 20_000_000 }])).toHaveLength(1);
});
