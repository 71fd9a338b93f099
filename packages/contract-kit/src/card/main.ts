#!/usr/bin/env node
import { pathToFileURL } from 'node:url';

import { errorText } from '@mobkit/core';

import { parseArguments, USAGE } from './parse-arguments.js';
import { printCard } from './print-card.js';
import { runConformance } from './run-conformance.js';

// At once: everything it started ends with it.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

try {
  const given = parseArguments(process.argv.slice(2));
  if (given === 'help') {
    process.stdout.write(USAGE);
  } else {
    const tell = (line: string) => process.stderr.write(`${line}\n`);
    const [card] = await runConformance([pathToFileURL(given.module).href], { tell });
    if (!card) throw new Error('The tests did not begin');
    process.stdout.write(given.json ? `${JSON.stringify(card, null, 2)}\n` : printCard(card));
    process.exitCode = card.passed ? 0 : 1;
  }
} catch (error) {
  process.stderr.write(`mobkit-conformance: ${errorText(error)}\n`);
  process.exitCode = 2;
}
