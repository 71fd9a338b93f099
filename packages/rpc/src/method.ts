import type { UnifiedRuntime } from '@mobkit/runtime';

/** What a method works on. */
export interface MethodContext {
  readonly runtime: UnifiedRuntime;
  readonly mobkitVersion: string | undefined;
  /** The names of every method served. */
  readonly methods: readonly string[];
}

/** A method: takes params as they came and answers what goes on the wire. */
export type Method = (context: MethodContext, params: unknown) => Promise<unknown>;

/** The contract whose names and shapes the methods have. */
export const CONTRACT_VERSION = '0.4.0';
