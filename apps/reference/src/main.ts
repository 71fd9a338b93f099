#!/usr/bin/env node
import { parseArguments } from './cli/parse-arguments.js';
import { reportError } from './cli/report-error.js';
import { runCommand } from './run-command.js';

try {
  process.exitCode = await runCommand(parseArguments(process.argv.slice(2)));
} catch (error) {
  process.exitCode = reportError(error);
}
