export { createEventIngestion } from './create-event-ingestion.js';
export type { CloseOptions, EventIngestion, IngestionStats } from './event-ingestion.js';
export { nullEventSink } from './null-event-sink.js';
export type { EventIngestionOptions } from './options.js';
export type { EventSpool, SpoolHead } from './spool/event-spool.js';
export { openEventSpool } from './spool/open-event-spool.js';
export type { EventSpoolOptions, SpoolSync } from './spool/spool-options.js';
