import './check-platform.mjs';
import { join } from 'node:path';

import { makeReady } from './make-ready.mjs';
import { run } from './run.mjs';
import { workspaceRoot } from './workspace-root.mjs';

const main = join(workspaceRoot, 'apps', 'bench', 'dist', 'main.js');

process.exitCode =
  (await makeReady(workspaceRoot, { build: ['apps/bench'] })) ||
  // A process of its own: it measures, and nothing of ours should be in it.
  (await run(process.execPath, [main, ...process.argv.slice(2)]));
