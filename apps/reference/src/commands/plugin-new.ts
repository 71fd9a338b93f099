import { relative, resolve } from 'node:path';

import type { NewPluginCommand } from '../cli/command.js';
import { terminalText } from '../cli/terminal-text.js';
import { packageNames } from '../scaffold/package-names.js';
import { packageVersions } from '../scaffold/package-versions.js';
import { writePackage } from '../scaffold/write-package.js';

/** Makes a package for a store of one's own and says how to go on. */
export async function newPlugin({ packageName, directory }: NewPluginCommand): Promise<number> {
  const names = packageNames(packageName);
  const target = resolve(directory ?? names.base);
  writePackage(target, { ...names, ...packageVersions() });
  const lines = [
    `Made ${names.package} in ${target}. Go on with`,
    '',
    `  cd ${asWord(relative('.', target) || '.')}`,
    '  npm install',
    '  npm run conformance   # what the store can be counted on for: nothing durable yet',
    '',
    'src/journal.ts is where it begins to keep things; docs/write-a-store.md of mobkit goes through it.',
  ];
  console.log(terminalText(lines.join('\n')));
  return 0;
}

/** As a shell takes it. */
function asWord(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
