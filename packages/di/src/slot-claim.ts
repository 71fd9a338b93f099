import type { StorageSupports } from '@mobkit/core';
import type { InjectionToken } from 'tsyringe';

/** What a store can be counted on for, as far as is known: at least whether it is durable. */
export type SlotSupports = Pick<StorageSupports, 'durable'> & Partial<StorageSupports>;

/** What a plugin says of what it puts into slots, for whoever asks before anything is open. */
export interface Keeping {
  /**
   * What the store in them will say of itself. Once it is open its own word counts, and a start on which the two differ fails;
   * so does resolving one that `provide` makes.
   */
  readonly supports?: SlotSupports;
  /** The slot in which it keeps what it is given: it lasts as long as what is kept there. */
  readonly keepsIn?: InjectionToken;
}

/** Of a plugin that claimed a slot, or added to a token that collects. */
export interface SlotClaim {
  /** The plugin's name. */
  readonly plugin: string;
  readonly token: InjectionToken;
  /** The plugin whose claim won: the last that made one. Absent for a token that collects, which takes all. */
  readonly holder?: string;
  /** As the open store says, or a part of it; before it is open, as its plugin says. Absent: neither says anything. */
  readonly supports?: SlotSupports;
  /** As the plugin says. */
  readonly keepsIn?: InjectionToken;
}
