import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { apiProblems, undocumentedExports } from '../../scripts/api-problems.mjs';
import { apiReports } from '../../scripts/api-report.mjs';
import { publicDoors } from '../../scripts/public-doors.mjs';
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
  expect(apiProblems(kept, reportsOf(LAMP))).toEqual([]);
  // Not exported itself, but part of what is.
  expect(apiProblems(kept, reportsOf(LAMP.replace('watts: number', 'watts: string')))).toEqual([
    'lamp.api.md: -     readonly watts: number;',
    'lamp.api.md: +     readonly watts: string;',
  ]);
  expect(apiProblems(new Map(), kept)).toEqual(['lamp.api.md: there is no report of this door yet']);
  expect(apiProblems(kept, new Map())).toEqual(['lamp.api.md: there is no such door any more']);
}, 60_000);

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
}, 60_000);
