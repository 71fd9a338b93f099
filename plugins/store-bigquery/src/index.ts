export type { BigQueryInfo, BigQueryOptions } from './client/options.js';
