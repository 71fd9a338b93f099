import { resolve } from 'node:path';

import { formatDiagnostic } from '@mobkit/mob';

import type { Command } from '../cli/parse-arguments.js';
import { terminalText } from '../cli/terminal-text.js';
import { loadAppConfig } from '../config/load-app-config.js';
import { readScript } from '../config/read-script.js';
import { loadMob } from '../config/load-mob.js';

/** Prints every diagnostic of a definition; 1 when one is an error. The config beside it is checked too. */
export async function check({ mobFile }: Extract<Command, { name: 'check' }>): Promise<number> {
  const mob = loadMob(resolve(mobFile));
  for (const diagnostic of mob.diagnostics) console.log(terminalText(formatDiagnostic(diagnostic, mobFile)));
  const { script } = await loadAppConfig(mob.file);
  if (script !== undefined) readScript(script);
  const errors = mob.diagnostics.filter(({ severity }) => severity === 'error').length;
  const warnings = mob.diagnostics.length - errors;
  const found = mob.diagnostics.length === 0 ? 'nothing wrong' : `${errors} errors, ${warnings} warnings`;
  console.log(terminalText(`${mobFile}: ${found}`));
  return errors > 0 ? 1 : 0;
}
