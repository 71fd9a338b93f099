import { MobError } from '@mobkit/core';
import type { MobPlugin } from '@mobkit/di';
import { z } from 'zod';

import { parseStoreAddress, type StoreAddress } from '../store/store-address.js';

/** A package that a config names, and what it is given. */
export interface NamedPlugin {
  readonly plugin: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** What a config may say of a plugin: which package, or the plugin itself. */
export type PluginEntry = NamedPlugin | MobPlugin;

const text = z.string().trim().min(1);
const named = z
  .strictObject({ plugin: text, options: z.record(z.string(), z.unknown()).default({}) })
  .readonly();
const WHAT_IT_TAKES =
  'is the name of a package, a table with `plugin` (that name) and `options`, or an object with `name` and `register`';

/** The name of a package, alone or with options, or a plugin. */
export const pluginEntry = z.unknown().transform((given, context) => {
  if (isPlugin(given)) return given;
  return parseNamed(typeof given === 'string' ? { plugin: given } : given, context);
});

/** The same, or the address of a database. */
export const storeEntry = z.unknown().transform((given, context): StoreAddress | PluginEntry => {
  if (isPlugin(given)) return given;
  if (typeof given !== 'string' || !given.includes('://')) {
    return parseNamed(typeof given === 'string' ? { plugin: given } : given, context);
  }
  const address = parseStoreAddress(given.trim());
  if (typeof address !== 'string') return address;
  context.addIssue({ code: 'custom', message: address });
  return z.NEVER;
});

export function isPlugin(value: unknown): value is MobPlugin {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    typeof value.name === 'string' &&
    'register' in value &&
    typeof value.register === 'function'
  );
}

function parseNamed(given: unknown, context: z.core.$RefinementCtx): NamedPlugin {
  if (typeof given !== 'object' || given === null || !('plugin' in given)) {
    context.addIssue({ code: 'custom', message: WHAT_IT_TAKES });
    return z.NEVER;
  }
  const parsed = named.safeParse(given);
  if (parsed.success) return parsed.data;
  for (const { message, path } of parsed.error.issues) context.addIssue({ code: 'custom', message, path });
  return z.NEVER;
}

/** Says which entry of which file is wrong. */
export function entryError(file: string, field: string, what: string, cause?: unknown): MobError {
  return new MobError('MOB_CONFIG_INVALID', `${file}: ${field}: ${what}`, {
    cause,
    details: { file, field },
  });
}
