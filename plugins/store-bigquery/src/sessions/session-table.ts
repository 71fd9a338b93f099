import type { TableShape } from '../client/prepare-table.js';

/**
 * The table of sessions. Partitioned by when a row was appended and not by what it says: rows of any time may come at any
 * time, and it is by their age in the table that rows may be removed from it.
 */
export const sessionTable: TableShape = {
  columns: {
    session_id: { type: 'STRING', required: true },
    updated_at_ms: { type: 'INTEGER', required: true },
    deleted: { type: 'BOOLEAN', required: true },
    // Text and not JSON, which would not keep the order of its keys.
    payload: { type: 'STRING' },
    labels_json: { type: 'STRING' },
    /** The same for rows that are equal. */
    row_id: { type: 'STRING', required: true },
    /** When it was appended, in microseconds; one process never gives one twice. */
    appended_us: { type: 'INTEGER', required: true },
    appended_on: { type: 'DATE', required: true },
  },
  partitionedBy: 'appended_on',
  clusteredBy: ['session_id'],
};
