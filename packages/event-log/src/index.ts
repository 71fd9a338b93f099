export { createEventIngestion } from './create-event-ingestion.js';
export type { CloseOptions, EventIngestion, IngestionStats } from './event-ingestion.js';
export { nullEventSink } from './null-event-sink.js';
export type { EventIngestionOptions } from './options.js';
