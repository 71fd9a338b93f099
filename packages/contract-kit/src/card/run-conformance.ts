import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

import { startVitest } from 'vitest/node';

import type { CapabilityCard } from './capability-card.js';
import { CardReporter } from './card-reporter.js';

// The kit may run from its sources.
const SUITE = `conformance-suite${extname(import.meta.url)}`;

/** For a test that says nothing else: enough for a store on a busy machine, not for one that hangs. */
const TEST_TIMEOUT_MS = 20_000;

export interface ConformanceOptions {
  /** Told of the progress, a line at a time. */
  readonly tell: (line: string) => void;
  /** How long a test may take that does not say so itself. @defaultValue 20000 */
  readonly testTimeoutMs?: number;
}

/**
 * Runs every chapter that applies to the stores whose harnesses modules export, in a process of its own and without any
 * vitest config. Sets `process.exitCode` when one fails, as vitest does.
 *
 * @param modules - their URLs.
 * @throws Error with a sentence when a module cannot be loaded, has no `harness`, or cannot be opened.
 */
export async function runConformance(
  modules: readonly string[],
  { tell, testTimeoutMs = TEST_TIMEOUT_MS }: ConformanceOptions,
): Promise<CapabilityCard[]> {
  const reporter = new CardReporter(tell);
  const vitest = await startVitest(
    'test',
    [],
    {
      config: false,
      root: fileURLToPath(new URL('.', import.meta.url)),
      include: [SUITE],
      // The kit lies in `node_modules`, which vitest leaves out else.
      exclude: [],
      watch: false,
      cache: false,
      pool: 'forks',
      execArgv: process.execArgv,
      provide: { conformanceModules: modules },
      testTimeout: testTimeoutMs,
      hookTimeout: testTimeoutMs,
      reporters: [reporter],
      // As Node loads it, which is how the store will be used.
      server: { deps: { external: [/./] } },
    },
    { logLevel: 'silent' },
  );
  await vitest.close();
  return reporter.cards();
}
