import { isBuiltin } from 'node:module';

import { usageError } from '../cli/usage.js';

/** What a new package is called, in all the places where it is called something. */
export interface PackageNames {
  /** As npm has it. */
  readonly package: string;
  /** Without the scope: of the plugin and of the directory. */
  readonly base: string;
  /** In the names of functions and types, without `mobkit-` and `store-` where a letter follows: `Foo`, `Store2x`. */
  readonly Foo: string;
  /** The function that makes the plugin: `storeFoo`. */
  readonly storeFoo: string;
}

const SCOPE = /^@[a-z0-9][a-z0-9._-]*\//;
const BASE = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/** @throws MobError `mobkit/usage` for a name that npm does not take, or that nothing can be called after. */
export function packageNames(given: string): PackageNames {
  const base = given.replace(SCOPE, '');
  if (!BASE.test(base) || given.length > 214) {
    throw usageError(
      `"${given}" is no name for a package: small letters, digits and single dashes, beginning with a letter, after a @scope/ or none`,
    );
  }
  if (isBuiltin(base)) {
    throw usageError(`"${given}" is the name of something else in Node: take another`);
  }
  const words = base.split('-').filter((word, at) => !(at === 0 && word === 'mobkit'));
  const own = words.length > 1 && words[0] === 'store' ? words.slice(1) : words;
  const name = (own.length > 0 ? own : ['own']).map(capital).join('');
  // Nothing in TypeScript is called after a digit first.
  const Foo = /^\d/.test(name) ? `Store${name}` : name;
  return { package: given, base, Foo, storeFoo: `store${name}` };
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
