export type { BigQueryInfo, BigQueryOptions } from './client/options.js';
export type { BigQueryEventArchive } from './events/event-archive.js';
export { openBigQueryArchive, openBigQueryEventLog } from './events/open-events.js';
export type { BigQueryArchive, BigQueryEventLogOptions, BigQueryLog } from './events/open-events.js';
export type { BigQueryEventOptions, WriteMode } from './events/options.js';
export type { BigQueryEventLog } from './events/table-event-log.js';
