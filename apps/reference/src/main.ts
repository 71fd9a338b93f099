#!/usr/bin/env node
import { parseArguments } from './cli/parse-arguments.js';
import { reportError } from './cli/report-error.js';
import { runCommand } from './run-command.js';

// Whoever read our output has left (`mobkit events | head`): there is nobody to go on for.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  // Half an export is none.
  process.exit(process.argv[2] === 'export' ? 1 : 0);
});

try {
  process.exitCode = await runCommand(parseArguments(process.argv.slice(2), process.env));
} catch (error) {
  // At once: a hook or a plugin of the host that was left behind may hold the process.
  process.exit(reportError(error));
}
