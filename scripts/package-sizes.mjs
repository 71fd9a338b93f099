import { statSync } from 'node:fs';
import { join } from 'node:path';

import { directorySize, installedClosure } from './installed-closure.mjs';

/** @typedef {import('./pack-packages.mjs').PackedPackage} PackedPackage */

/**
 * What a consumer gets with a package. Sizes in bytes.
 *
 * @typedef {object} PackageSize
 * @property {string} name
 * @property {number} packed of its tarball
 * @property {number} unpacked of its files
 * @property {number} packages that are installed with it, itself among them
 * @property {number} installed of all their files
 */

/** Installed together by who keeps events in Postgres and takes nothing else of ours; and less than it may come to. */
const SMALLEST = ['@mobkit/event-log', '@mobkit/store-postgres'];
const SMALLEST_BELOW = { packages: 40, installed: 20_000_000 };

/**
 * The sizes of every package, and of the smallest server last.
 *
 * @param {readonly PackedPackage[]} packed
 * @returns {PackageSize[]}
 */
export function packageSizes(packed) {
  const together = packed.filter(({ name }) => SMALLEST.includes(name));
  return [...packed.map((one) => [one]), together].map((ours) => sizeOf(ours, packed));
}

/**
 * Whether the smallest server is still small.
 *
 * @param {readonly PackageSize[]} sizes as `packageSizes` returns them
 * @returns {string[]}
 */
export function smallestProblems(sizes) {
  const { name, packages, installed } = sizes.at(-1) ?? { name: 'nothing', packages: 0, installed: 0 };
  const small = packages < SMALLEST_BELOW.packages && installed < SMALLEST_BELOW.installed;
  return small ? [] : [`${name} is ${packages} packages and ${installed} bytes, which is too much`];
}

/**
 * @param {readonly PackedPackage[]} ours installed together
 * @param {readonly PackedPackage[]} packed
 * @returns {PackageSize}
 */
function sizeOf(ours, packed) {
  const closure = [...installedClosure(ours.map(({ directory }) => directory))];
  const published = new Map(packed.map((one) => [one.directory, one]));
  const sum = (/** @type {readonly number[]} */ sizes) => sizes.reduce((all, size) => all + size, 0);
  return {
    name: ours.map(({ name }) => name).join(' + '),
    packed: sum(ours.map(({ tarball }) => statSync(tarball).size)),
    unpacked: sum(ours.map(unpackedSize)),
    packages: closure.length,
    installed: sum(
      closure.map((directory) => {
        const one = published.get(directory);
        return one ? unpackedSize(one) : directorySize(directory);
      }),
    ),
  };
}

/** @param {PackedPackage} one */
function unpackedSize({ directory, files }) {
  return files.reduce((sum, file) => sum + statSync(join(directory, file)).size, 0);
}
