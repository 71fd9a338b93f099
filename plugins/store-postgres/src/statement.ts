import type { LogDefinition } from '@mobkit/core';

/** Gives a value to the statement that is being written, and says what it is called there. */
export type Bind = (value: unknown) => string;

/** The partition of a log that a statement is about. */
export interface LogPlace {
  readonly schema: string;
  readonly definition: LogDefinition;
  readonly partition: string;
}
