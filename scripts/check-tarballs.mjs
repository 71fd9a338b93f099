import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

import { packPackages } from './pack-packages.mjs';
import { publicPackages } from './public-packages.mjs';
import { tarballProblems } from './tarball-problems.mjs';
import { workspaceRoot } from './workspace-root.mjs';

/** Ways to find a module that nobody uses with a package of ES modules only. */
const LEFT_OUT = new Set(['node10', 'node16-cjs']);

const destination = mkdtempSync(join(tmpdir(), 'mobkit-pack-'));
try {
  const packed = packPackages(publicPackages(workspaceRoot), destination);
  for (const { directory, tarball, files } of packed) {
    const bytes = readFileSync(tarball);
    const problems = [
      ...tarballProblems(files),
      ...(await manifestProblems(bytes)),
      ...(await typeProblems(bytes)),
    ];
    for (const problem of problems) {
      console.error(`${relative(workspaceRoot, directory)}: ${problem}`);
      process.exitCode = 1;
    }
  }
  console.log(`${packed.length} tarballs looked into`);
} finally {
  rmSync(destination, { recursive: true });
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
