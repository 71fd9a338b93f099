import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import { packedFiles } from './packed-files.mjs';
import { publicPackages } from './public-packages.mjs';
import { tarballProblems } from './tarball-problems.mjs';
import { workspaceRoot } from './workspace-root.mjs';

const destination = mkdtempSync(join(tmpdir(), 'mobkit-pack-'));
const packages = publicPackages(workspaceRoot);
try {
  for (const directory of packages) {
    for (const problem of tarballProblems(packedFiles(directory, destination))) {
      console.error(`${relative(workspaceRoot, directory)}: ${problem}`);
      process.exitCode = 1;
    }
  }
} finally {
  rmSync(destination, { recursive: true });
}
console.log(`${packages.length} tarballs looked into`);
