import { MobError } from '@mobkit/core';
import type { InjectionToken } from 'tsyringe';

import type { Keeping, SlotClaim, SlotSupports } from './slot-claim.js';

/** A claim as it is kept: by whom, and what it says. */
export interface Claimed {
  readonly plugin: string;
  readonly token: InjectionToken;
  readonly collects: boolean;
  readonly keeping: Keeping;
  /** What is in the slot said of itself when it was opened. */
  told?: SlotSupports;
}

/** Who claimed which slot of an app, in order. */
export class SlotTable {
  readonly #claims: Claimed[] = [];
  /** The last to claim each slot. */
  readonly #holders = new Map<InjectionToken, Claimed>();

  /** @throws TypeError when it is not said whether a store is durable. */
  add(claim: Claimed): Claimed {
    const { plugin, keeping } = claim;
    if (keeping.supports !== undefined && !supportsOf(keeping)) {
      throw new TypeError(
        `The plugin "${plugin}" does not say with true or false whether its store is \`durable\``,
      );
    }
    this.#claims.push(claim);
    if (!claim.collects) this.#holders.set(claim.token, claim);
    return claim;
  }

  /** Whether this claim won its slot, or is one of many. */
  holds(claim: Claimed): boolean {
    return claim.collects || this.#holders.get(claim.token) === claim;
  }

  /** In the order of the plugins. */
  list(): readonly SlotClaim[] {
    return this.#claims.map((claim) => {
      const { plugin, token, collects, keeping, told } = claim;
      const holder = collects ? undefined : this.#holders.get(token)?.plugin;
      const supports = told ?? keeping.supports;
      return {
        plugin,
        token,
        ...(holder !== undefined && { holder }),
        ...(supports && { supports }),
        ...(keeping.keepsIn !== undefined && { keepsIn: keeping.keepsIn }),
      };
    });
  }
}

/**
 * Takes down what is in a slot says of itself.
 *
 * @throws MobError `MOB_CONFIG_INVALID` when its plugin said otherwise.
 */
export function takeWord(claim: Claimed, value: unknown): void {
  const told = supportsOf(value);
  if (!told) return;
  const { supports: declared } = claim.keeping;
  const wrong = (['durable', 'processes', 'cursor'] as const).find(
    (name) => declared?.[name] !== undefined && told[name] !== undefined && told[name] !== declared[name],
  );
  if (declared && wrong !== undefined) {
    throw new MobError(
      'MOB_CONFIG_INVALID',
      `The plugin "${claim.plugin}" says \`${wrong}: ${declared[wrong]}\` of its store, and the store itself ${told[wrong]}: mend its \`supports\``,
      { details: { plugin: claim.plugin, field: `supports.${wrong}` } },
    );
  }
  claim.told = told;
}

/** Of a store, which says at least whether it is durable. Other things have a `supports` too, of another kind. */
function supportsOf(value: unknown): SlotSupports | undefined {
  if (typeof value !== 'object' || value === null || !('supports' in value)) return undefined;
  const { supports } = value;
  if (typeof supports !== 'object' || supports === null || !('durable' in supports)) return undefined;
  return typeof supports.durable === 'boolean' ? (supports as SlotSupports) : undefined;
}
