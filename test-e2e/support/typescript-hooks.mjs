// Lets a plain Node 20 process run the sources, for tests that need a process of their own:
//
//   fork('child.ts', { execArgv: ['--conditions=@mobkit/source', '--import', '…/typescript-hooks.mjs'] })
//
// This file is loaded twice: by `--import`, where it registers itself, and in the thread of the hooks.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire, register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread, threadId } from 'node:worker_threads';

if (isMainThread) register(import.meta.url);

// Loading the compiler takes longer than most such processes live: what it made of a text is kept.
const kept = new URL('../../node_modules/.cache/typescript-hooks/', import.meta.url);
const compiler = readFileSync(createRequire(import.meta.url).resolve('typescript/package.json'));

// Of many files, each of which would go through this thread: as CommonJS they do not.
const inOne = new Set(['kysely', 'zod']);

/** @type {import('node:module').ResolveHook} */
export async function resolve(specifier, context, next) {
  try {
    return await next(
      specifier,
      inOne.has(specifier) ? { ...context, conditions: ['node', 'require'] } : context,
    );
  } catch (error) {
    // Sources import each other by the names they are built to.
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code !== 'ERR_MODULE_NOT_FOUND' || !/^\.{1,2}\/.*\.js$/.test(specifier)) throw error;
    return next(specifier.replace(/\.js$/, '.ts'), context);
  }
}

/** @type {import('node:module').LoadHook} */
export async function load(url, context, next) {
  if (!/\.ts(\?|$)/.test(url)) return next(url, context);
  const text = await readFile(fileURLToPath(url), 'utf8');
  const name = createHash('sha256').update(compiler).update(text).digest('hex');
  const file = new URL(`${name}.js`, kept);
  const known = await readFile(file, 'utf8').catch(() => undefined);
  return { format: 'module', source: known ?? (await compile(text, file)), shortCircuit: true };
}

/** @param {string} text @param {URL} file */
async function compile(text, file) {
  const { default: ts } = await import('typescript');
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
    },
  });
  // Another process may do the same at this moment: whoever reads finds a whole text.
  const draft = new URL(`${file.href}.${process.pid}.${threadId}`);
  await mkdir(kept, { recursive: true });
  await writeFile(draft, outputText);
  await rename(draft, file);
  return outputText;
}
