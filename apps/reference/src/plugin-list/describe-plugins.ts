import type { SlotClaim, SlotSupports, Token } from '@mobkit/di';

import type { LoadedApp } from '../load-app.js';
import { version } from '../version.js';

/** A plugin of the app, as `mobkit plugins --json` shows it. */
export interface ListedPlugin {
  readonly name: string;
  readonly from: PluginSource;
  /** The slots it holds. */
  readonly holds: readonly string[];
  /** Those that it claimed and a later plugin holds. */
  readonly lost: readonly { readonly slot: string; readonly to: string }[];
  /** What collects, and it adds to. */
  readonly adds: readonly string[];
  /** What its store can be counted on for, as far as it says so before it is open. */
  readonly supports?: SlotSupports;
  /** The slots in which it keeps what it has. */
  readonly keeps_in?: readonly string[];
}

/** `app`: with mobkit. `package`: one that the config names. `config`: the config made it itself. */
export type PluginSource =
  | { readonly kind: 'app'; readonly version: string }
  | { readonly kind: 'package'; readonly package: string; readonly version?: string; readonly path: string }
  | { readonly kind: 'config'; readonly path: string };

/** The plugins of an app, in their order, from what they claimed; opens nothing. */
export function describePlugins({ plugins, origins, assembly }: LoadedApp): readonly ListedPlugin[] {
  const claims = assembly.claims();
  return plugins.map((plugin) => {
    const own = claims.filter((claim) => claim.plugin === plugin.name);
    const held = own.filter(({ holder }) => holder === plugin.name);
    const supports = held.find((claim) => claim.supports)?.supports;
    const keepsIn = namesOf(own.flatMap(({ keepsIn: token }) => (token === undefined ? [] : [token])));
    return {
      name: plugin.name,
      from: sourceOf(origins.get(plugin)),
      holds: slotsOf(held),
      lost: own.filter(lostBy(plugin.name)).map(({ token, holder }) => ({ slot: nameOf(token), to: holder })),
      adds: slotsOf(own.filter(({ holder }) => holder === undefined)),
      ...(supports && { supports }),
      ...(keepsIn.length > 0 && { keeps_in: keepsIn }),
    };
  });
}

const lostBy =
  (plugin: string) =>
  (claim: SlotClaim): claim is SlotClaim & { readonly holder: string } =>
    claim.holder !== undefined && claim.holder !== plugin;

function sourceOf(origin: ReturnType<LoadedApp['origins']['get']>): PluginSource {
  if (!origin) return { kind: 'app', version: version() };
  const { package: name, ...rest } = origin;
  return name === undefined
    ? { kind: 'config', path: rest.path }
    : { kind: 'package', package: name, ...rest };
}

function slotsOf(claims: readonly SlotClaim[]): readonly string[] {
  return namesOf(claims.map(({ token }) => token));
}

function namesOf(tokens: readonly Token<unknown>[]): readonly string[] {
  return [...new Set(tokens.map(nameOf))];
}

function tokenText(token: Token<unknown>): string {
  if (typeof token === 'symbol') return token.description ?? '';
  if (typeof token === 'function') return token.name;
  return typeof token === 'string' ? token : 'a token without a name';
}

/** `Storage` for the token that `token('Storage')` made. */
function nameOf(token: Token<unknown>): string {
  const name = tokenText(token);
  return name.replace(/^mobkit\.(?:app\.)?/, '');
}
