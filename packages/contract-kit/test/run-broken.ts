// Runs the kit on broken stores, and prints the chapters that failed of each.

import { runConformance } from '../src/card/run-conformance.js';

/** Enough for every test of a sound store on a busy machine; a broken one may never end. */
const testTimeoutMs = 4_000;

const [directory = '', ...faults] = process.argv.slice(2);
const modules = faults.map((fault) => {
  const module = new URL('broken-store.ts', import.meta.url);
  module.searchParams.set('fault', fault);
  module.searchParams.set('directory', directory);
  return module.href;
});
const cards = await runConformance(modules, { tell: () => {}, testTimeoutMs });
for (const { store, contracts, errors } of cards) {
  const chapters = contracts.flatMap((contract) => contract.chapters);
  const failed = chapters.filter(({ result }) => result === 'failed');
  process.stdout.write(`${JSON.stringify({ fault: store, failed, errors })}\n`);
}
// vitest says with its exit code that tests failed.
process.exitCode = 0;
