/**
 * A count, as it is measured; about a hundredth of it, at least 1, when `MOBKIT_BENCH_SMOKE` is set: for the test that runs
 * every bench to see that it still works. Its figures say nothing.
 */
export function scaled(count: number): number {
  return process.env['MOBKIT_BENCH_SMOKE'] === undefined ? count : Math.max(1, Math.round(count / 100));
}
