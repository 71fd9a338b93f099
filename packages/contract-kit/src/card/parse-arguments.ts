import { parseArgs } from 'node:util';

export const USAGE = `mobkit-conformance <module> [--json]

Proves a store: runs the contract tests of @mobkit/contract-kit and prints a capability card.

  <module>   an ES module that exports "harness", e.g. ./my-store.js
  --json     prints the card as JSON
  --help     prints this

Exits with 0 when every chapter that applies passed, 1 when one failed, 2 when nothing could be tested.
MOBKIT_KILLS=200 kills writers so many times instead of a few.
`;

export interface Arguments {
  readonly module: string;
  readonly json: boolean;
}

/** @throws Error with a sentence for a command line that makes no sense. */
export function parseArguments(args: readonly string[]): Arguments | 'help' {
  const options = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  if (values.help) return 'help';
  const [module, ...more] = positionals;
  if (module === undefined || more.length > 0) throw new Error('Name one module, e.g. ./my-store.js');
  return { module, json: values.json ?? false };
}
