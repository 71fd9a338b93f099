import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { errorText, isMobError, MobError } from '@mobkit/core';

const templates = fileURLToPath(new URL('../../templates/store', import.meta.url));
const ENDING = '.tmpl';

/**
 * Writes a package from the templates: whole, or not at all.
 *
 * @param target - the directory; may be there when it is empty.
 * @param words - what stands for `{{word}}`.
 * @throws MobError `mobkit/exists` when there is something already, `mobkit/unwritable` when nothing can be written.
 */
export function writePackage(target: string, words: Readonly<Record<string, string>>): void {
  try {
    if (!isFree(target)) throw exists(target);
    const there = existsSync(target);
    if (!there) mkdirSync(dirname(target), { recursive: true });
    // Where it can be renamed from. A directory that is there stays the same: somebody may work in it.
    const half = mkdtempSync(join(there ? target : dirname(target), `.${basename(target)}-`));
    const whole = join(half, 'package');
    try {
      fill(whole, words);
      if (there) moveInto(target, whole, basename(half));
      else renameSync(whole, target);
    } finally {
      rmSync(half, { recursive: true, force: true });
    }
  } catch (cause) {
    if (isMobError(cause)) throw cause;
    throw new MobError('mobkit/unwritable', `Nothing was written to ${target}: ${errorText(cause)}`, {
      cause,
    });
  }
}

function isFree(target: string): boolean {
  const found = statSync(target, { throwIfNoEntry: false });
  return found === undefined || (found.isDirectory() && readdirSync(target).length === 0);
}

/** Moves all or nothing into a directory in which there is only what is named. */
function moveInto(target: string, from: string, only: string): void {
  if (readdirSync(target).some((name) => name !== only)) throw exists(target);
  const moved: string[] = [];
  try {
    for (const name of readdirSync(from)) {
      renameSync(join(from, name), join(target, name));
      moved.push(name);
    }
  } catch (error) {
    for (const name of moved) rmSync(join(target, name), { recursive: true, force: true });
    throw error;
  }
}

function exists(target: string): MobError {
  const message = `There is something in ${target} already: nothing was written; name another directory with --dir`;
  return new MobError('mobkit/exists', message);
}

function fill(directory: string, words: Readonly<Record<string, string>>): void {
  for (const { from, to } of templateFiles()) {
    const file = join(directory, to);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, filled(readFileSync(from, 'utf8'), words));
  }
}

function templateFiles(): readonly { readonly from: string; readonly to: string }[] {
  return readdirSync(templates, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ENDING))
    .map((file) => ({
      from: join(templates, file),
      // npm packs no `.gitignore`, and hidden directories are looked over by many tools.
      to: file.slice(0, -ENDING.length).replace(/^git(?=ignore$|hub\b)/, '.git'),
    }));
}

function filled(text: string, words: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{\{(\w+)\}\}/g, (_, word: string) => {
    const value = words[word];
    if (value === undefined) throw new TypeError(`A template wants a word that nobody gave: ${word}`);
    return value;
  });
}
