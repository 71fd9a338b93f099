import { makeReady } from '../../scripts/make-ready.mjs';
import { workspaceRoot } from '../../scripts/workspace-root.mjs';

/** Builds what the scenarios run, once for all of them. */
export async function setup(): Promise<void> {
  const code = await makeReady(workspaceRoot, {
    build: ['apps/reference', 'apps/bench', 'packages/contract-kit'],
  });
  if (code !== 0) throw new Error(`The apps could not be built (exit code ${code})`);
}
