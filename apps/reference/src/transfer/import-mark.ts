import type { RecordsDefinition } from '@mobkit/core';

/** Where a store keeps which export it was filled from. Not exported itself. */
export const importsDefinition = {
  kind: 'records',
  name: 'store_imports',
  fields: {},
} as const satisfies RecordsDefinition;

/** Of the one record. */
export const IMPORT_KEY = 'import';

export interface ImportMark {
  /** The id of the export. */
  readonly id: string;
  /** Whether all of it is there. */
  readonly done: boolean;
}
