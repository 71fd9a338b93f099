import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

import { outsideProblems } from './outside-project.mjs';
import { packPackages } from './pack-packages.mjs';
import { packageSizes, smallestProblems } from './package-sizes.mjs';
import { publicDoors } from './public-doors.mjs';
import { publicPackages } from './public-packages.mjs';
import { sizeProblems, withSizeTable } from './size-table.mjs';
import { tarballProblems } from './tarball-problems.mjs';
import { workspaceRoot } from './workspace-root.mjs';

// Looks into what would be published, and tries it out as a consumer would; everything has to be built.
//
//   npm run pack:check                  fails when something is wrong with it, or docs/packages.md says other sizes
//   npm run packages:sizes              prints the sizes, and looks at nothing else
//   npm run packages:sizes -- --write   writes them into docs/packages.md

/** Ways to find a module that nobody uses with a package of ES modules only. */
const LEFT_OUT = new Set(['node10', 'node16-cjs']);

const document = join(workspaceRoot, 'docs', 'packages.md');
const destination = mkdtempSync(join(tmpdir(), 'mobkit-pack-'));
try {
  const packed = packPackages(publicPackages(workspaceRoot), destination);
  const sizes = packageSizes(packed);
  if (process.argv.includes('--write')) {
    writeFileSync(document, withSizeTable(readFileSync(document, 'utf8'), sizes));
  }
  const problems = smallestProblems(sizes);
  // On another platform other programs are installed.
  if (process.platform === 'linux' && process.arch === 'x64') {
    problems.push(...sizeProblems(readFileSync(document, 'utf8'), sizes));
  }
  if (process.argv.includes('--sizes')) {
    console.table(sizes);
  } else {
    for (const one of packed) problems.push(...(await problemsOf(one)));
    const project = join(destination, 'outside');
    mkdirSync(project);
    const doors = publicDoors(workspaceRoot).map(({ specifier }) => specifier);
    problems.push(...(await outsideProblems(packed, doors, project)));
    console.log(`${packed.length} packages looked into and tried out`);
  }
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
} finally {
  rmSync(destination, { recursive: true });
}

/**
 * @param {import('./pack-packages.mjs').PackedPackage} packed
 * @returns {Promise<string[]>}
 */
async function problemsOf({ name, tarball, files }) {
  const bytes = readFileSync(tarball);
  const problems = [
    ...tarballProblems(files),
    ...(await manifestProblems(bytes)),
    ...(await typeProblems(bytes)),
  ];
  return problems.map((problem) => `${name}: ${problem}`);
}

/**
 * What publint has to say about it.
 *
 * @param {Buffer} bytes
 */
async function manifestProblems(bytes) {
  const tarball = new Uint8Array(bytes).buffer;
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
  return messages
    .filter(({ type }) => type === 'error')
    .map((message) => formatMessage(message, pkg) ?? message.code);
}

/**
 * What a consumer's compiler would see wrongly.
 *
 * @param {Buffer} bytes
 */
async function typeProblems(bytes) {
  const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(bytes)));
  if (!analysis.types) return ['it has no types'];
  return analysis.problems
    .filter((problem) => !('resolutionKind' in problem && LEFT_OUT.has(problem.resolutionKind)))
    .map((problem) => JSON.stringify(problem));
}
