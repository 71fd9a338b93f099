import './check-platform.mjs';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { makeReady } from './make-ready.mjs';
import { run } from './run.mjs';
import { workspaceRoot } from './workspace-root.mjs';

// The long runs of what `npm test` does in short, about half an hour: simulated faults, faults on real parts, and writers killed.

/** In each of the four chapters that kill a writer: entries and events, on SQLite and on Postgres. */
const KILLS = 50;

const figures = join(workspaceRoot, 'test-results', 'faults.jsonl');
const vitest = join(workspaceRoot, 'node_modules', '.bin', 'vitest');
const env = {
  ...process.env,
  MOBKIT_FAULTS: 'long',
  MOBKIT_FAULT_FIGURES: figures,
  MOBKIT_KILLS: String(KILLS),
};

process.exitCode = (await makeReady(workspaceRoot)) || (await faults());

async function faults() {
  // Each test adds a line to it.
  mkdirSync(dirname(figures), { recursive: true });
  rmSync(figures, { force: true });
  const long = await run(vitest, ['run', '--project=faults'], { cwd: workspaceRoot, env });
  const killed = await run(vitest, ['run', '--project=contract', 'contract.test', '-t', 'kill'], {
    cwd: workspaceRoot,
    env,
  });
  print();
  console.log(
    `writers killed: ${4 * KILLS}, ${killed === 0 ? 'nothing acknowledged lost' : 'see above what was lost'}`,
  );
  return long || killed;
}

function print() {
  if (!existsSync(figures)) return;
  const lines = readFileSync(figures, 'utf8').trim().split('\n');
  for (const { fault, ...numbers } of lines.map((line) => JSON.parse(line))) {
    const text = Object.entries(numbers).map(([name, value]) => `${name} ${value}`);
    console.log(`${fault}: ${text.join(', ')}`);
  }
}
