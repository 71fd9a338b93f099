import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** What a new package rests on: the versions beside which this app runs. */
export function packageVersions(): { readonly core: string; readonly di: string; readonly kit: string } {
  return { core: versionOf('core'), di: versionOf('di'), kit: versionOf('contract-kit') };
}

const { resolve } = createRequire(import.meta.url);

function versionOf(name: string): string {
  const manifest = readFileSync(resolve(`@mobkit/${name}/package.json`), 'utf8');
  return (JSON.parse(manifest) as { readonly version: string }).version;
}
