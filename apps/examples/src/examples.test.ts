import { expect, it, vi } from 'vitest';

/** Each example is a program: to import it is to run it. */
const examples: readonly [string, () => Promise<unknown>, readonly string[]][] = [
  [
    'event-log-alone',
    () => import('./event-log-alone.js'),
    ['2 accepted, 2 persisted', '1 run_started, 2 run_completed'],
  ],
  [
    'mcp-alone',
    () => import('./mcp-alone.js'),
    ['routing.resolve', '{"sink":"email","target_module":"delivery"}'],
  ],
  ['mob-alone', () => import('./mob-alone.js'), ['greeter: Good morning!', 'greeter is active']],
  ['ordered-log-tail', () => import('./ordered-log-tail.js'), ['1 o-1', '3 o-3']],
  [
    'router-alone',
    () => import('./router-alone.js'),
    [
      'alert goes to pager',
      'notification goes to mail',
      'No route takes "nobody" on channel "notification": there are routes to "on-call"',
    ],
  ],
  [
    'sqlite-records',
    () => import('./sqlite-records.js'),
    ['n-1 {"text":"rough"}', 'the late writer: MOB_CONFLICT'],
  ],
];

it.for(examples)('[examples.run] %s runs, and prints what it should', async ([, run, lines]) => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  await run();
  const printed = log.mock.calls.map(([line]: unknown[]) => line);
  log.mockRestore();
  expect(printed).toEqual(lines);
});
