import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

const main = fileURLToPath(new URL('../../apps/bench/dist/main.js', import.meta.url));

/** All of them side by side on a busy machine: this only ends one that hangs. */
const TIMEOUT_MS = 170_000;

/** Runs a bench on about a hundredth of what it measures. */
function smoke(name: string): Promise<Readonly<Record<string, number>>> {
  const env = { ...process.env, MOBKIT_BENCH_SMOKE: '1' };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [main, name, '--json'], { env, timeout: TIMEOUT_MS }, (error, stdout) => {
      if (error) return reject(error);
      const { figures } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as {
        figures: Record<string, number>;
      };
      resolve(figures);
    });
  });
}

// Side by side: what they print here is not measured.
it.concurrent.each([
  ['append', ['pg512_vs_copy', 'pg64_vs_copy', 'pg512_vs_emmett', 'sqlite512_vs_hand']],
  ['page', ['worst_p99_vs_raw']],
  ['ingest', ['calls_per_s', 'p99_us']],
  ['members', ['spawn_s', 'heap_kb_each', 'fold_s']],
  ['modules', ['restart_overhead_p99_ms', 'overlaps', 'mcp_vs_sdk']],
  ['plan', ['plan_ms']],
  ['turn', ['own_us', 'vs_ai', 'vs_openai_agents', 'vs_langgraph']],
  ['pump', ['p99_ms', 'lost', 'heap_slope_mb_per_min']],
  ['delivery', ['p50_vs_commit', 'sqlite_p50_vs_commit', 'postgres_p50_vs_commit']],
  ['scheduler', ['load_s', 'idle_ratio', 'lateness_p99_ms']],
  ['archive', ['lag_s', 'missing', 'doubled']],
  ['bigquery', ['us_per_row', 'vs_client_insert', 'vs_client_raw_insert']],
  ['outage', ['dropped', 'duplicates', 'out_of_order', 'growth_mb']],
])(
  '[bench.runs] %s runs to its end and prints its figures',
  async (name, keys) => {
    const figures = await smoke(name);
    for (const key of keys) expect(figures[key]).toEqual(expect.any(Number));
  },
  180_000,
);
