import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { temporaryDirectory } from './temporary-directory.js';

/** A workspace with programs of its own in front of PATH, which note how they were called. */
export class SmallWorkspace {
  readonly root = temporaryDirectory();

  constructor() {
    this.write('package.json', JSON.stringify({ packageManager: 'pnpm@10.34.9' }));
    this.write('pnpm-lock.yaml', 'one');
    this.write('packages/core/package.json', '{}');
  }

  write(path: string, text: string): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** A program that notes its arguments and then does what `script` (of `sh`) says. */
  program(name: string, script: string): void {
    this.write(`bin/${name}`, `#!/bin/sh\necho "${name} $*" >> '${join(this.root, 'calls')}'\n${script}\n`);
    chmodSync(join(this.root, 'bin', name), 0o755);
  }

  /** Puts a program where an install would. */
  install(name: string): void {
    this.write(`node_modules/.bin/${name}`, readFileSync(join(this.root, 'bin', name), 'utf8'));
    chmodSync(join(this.root, 'node_modules', '.bin', name), 0o755);
  }

  /** A pnpm of this version, whose installs end with this exit code. */
  pnpm(version: string, exitCode = 0): void {
    this.program(
      'pnpm',
      `[ "$1" = --version ] && echo ${version} && exit 0; mkdir -p node_modules; exit ${exitCode}`,
    );
  }

  /** What was installed, by command line. */
  get installs(): readonly string[] {
    const calls = join(this.root, 'calls');
    if (!existsSync(calls)) return [];
    return readFileSync(calls, 'utf8')
      .split('\n')
      .filter((line) => line.includes(' install'));
  }

  get env(): NodeJS.ProcessEnv {
    return { ...process.env, PATH: `${join(this.root, 'bin')}:${process.env['PATH']}` };
  }
}
