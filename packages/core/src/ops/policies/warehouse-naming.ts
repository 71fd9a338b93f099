import { policyInvalid } from './policy-invalid.js';

/** Where a warehouse keeps something. */
export interface WarehouseNaming {
  readonly dataset: string;
  readonly table: string;
}

/** The service refuses hyphens in the names of datasets, and takes them in those of tables. */
const NAMES = { dataset: /^[A-Za-z0-9_]+$/, table: /^[A-Za-z0-9_-]+$/ } as const;

/**
 * Refuses names that could not be used, or that are more than a name where they stand in a query or an address.
 *
 * @throws MobError `MOB_POLICY_INVALID`: both are looked at for blanks first.
 */
export function checkWarehouseNaming({ dataset, table }: WarehouseNaming): void {
  if (dataset.trim() === '') {
    throw policyInvalid('warehouse_dataset_empty', 'The dataset has no name', { field: 'dataset' });
  }
  if (table.trim() === '') {
    throw policyInvalid('warehouse_table_empty', 'The table has no name', { field: 'table' });
  }
  for (const [field, value] of Object.entries({ dataset, table })) {
    if (NAMES[field as keyof typeof NAMES].test(value)) continue;
    const may = field === 'dataset' ? 'letters, digits and "_"' : 'letters, digits, "_" and "-"';
    throw policyInvalid('warehouse_name_invalid', `"${value}" cannot name a ${field}: only ${may} can`, {
      field,
      value,
    });
  }
}
