import type { StorageSupports } from '@mobkit/core';

/** What a store can be counted on for, as far as the chapters of the kit tell. Plain data: `--json` prints it. */
export interface CapabilityCard {
  /** What the harness calls the store. */
  readonly store: string;
  /** What the store itself says. */
  readonly supports: StorageSupports;
  /** Whether every chapter that applies passed. */
  readonly passed: boolean;
  /** Of the stores that `open` gives. */
  readonly contracts: readonly ContractCard[];
  /** What went wrong outside of any test, such as a rejection that nobody caught. */
  readonly errors: readonly string[];
}

interface ContractCard {
  readonly contract: string;
  readonly chapters: readonly ChapterCard[];
}

export interface ChapterCard {
  readonly chapter: string;
  readonly result: 'passed' | 'failed' | 'not applicable';
  /** Why it does not apply. */
  readonly why?: string;
  /** How many tests were run. */
  readonly tests: number;
  readonly failures: readonly { readonly test: string; readonly message: string }[];
}

/** What the suite says before its tests run: which chapters there are. */
export interface CardPlan {
  readonly store: string;
  readonly supports: StorageSupports;
  readonly contracts: readonly {
    readonly contract: string;
    readonly chapters: readonly { readonly chapter: string; readonly why?: string }[];
  }[];
}
