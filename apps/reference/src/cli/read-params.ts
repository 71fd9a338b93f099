import { readFileSync } from 'node:fs';

import { errorText } from '@mobkit/core';

import { usageError } from './usage.js';

/** Params as the command line gives them: JSON, or `@` and a file of it (`@-` for standard input). */
export function readParams(given: string): unknown {
  try {
    return JSON.parse(given.startsWith('@') ? read(given.slice(1)) : given);
  } catch (error) {
    throw usageError(`--params is not JSON, nor @ and a file of it: ${errorText(error)}`);
  }
}

function read(file: string): string {
  return readFileSync(file === '-' ? process.stdin.fd : file, 'utf8');
}
