import { readFileSync } from 'node:fs';

/** What is measured, and what with, as this package pins it. */
export function packageVersions(): Readonly<Record<string, string>> {
  const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  return Object.fromEntries(Object.entries(dependencies).filter(([name]) => !name.startsWith('@mobkit/')));
}
