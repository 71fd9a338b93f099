export {
  agentDiscoverySpecsFromJson,
  agentDiscoverySpecToJson,
  checkAgentDiscoverySpecs,
} from './agent-discovery-specs.js';
export type { ArchiveCompactionStatus, ArchiveMonitor, ArchiveStatus } from './archive-status.js';
export { checkArchivedEvents, eventsAfter } from './archived-events.js';
export { backoffMs } from './backoff.js';
export {
  checkClaim,
  checkCommit,
  checkDefinition,
  checkEntry,
  checkPrune,
  checkQuery,
  checkRecord,
  checkText,
} from './check-arguments.js';
export { delay, systemClock } from './clock.js';
export type { Clock, TimerOptions } from './clock.js';
export { copyJson } from './copy-json.js';
export type { RefuseJson } from './copy-json.js';
export { deadLetterKey, deadLettersDefinition, deadLettersOver } from './dead-letters.js';
export type { DeadLetter, DeadLetterPage, DeadLetterStore } from './dead-letters.js';
export type {
  Definition,
  Fields,
  FieldType,
  FieldTypes,
  FieldValue,
  LogDefinition,
  RecordsDefinition,
  Where,
} from './definition.js';
export { desiredPeerEdge, desiredPeerEdges } from './desired-peer-edge.js';
export { desiredShapeFromJson } from './desired-shape.js';
export type { DesiredShape } from './desired-shape.js';
export { discoveryOf, edgeDiscoveryOf } from './discovery-of.js';
export { DiscoveryWatchers } from './discovery-watchers.js';
export type {
  AgentDiscoverySpec,
  DesiredPeerEdge,
  DiscoveredMember,
  Discovery,
  DiscoveryContext,
  DiscoveryTrigger,
  DiscoveryWatcher,
  EdgeDiscovery,
} from './discovery.js';
export type { ErrorEvent, ErrorHook } from './error-event.js';
export { errorText } from './error-text.js';
export { isMobError, MobError } from './errors.js';
export type { MobErrorCode, MobErrorDetails, MobErrorOptions } from './errors.js';
export { eventArchiveOver } from './event-archive-over.js';
export type { EventArchive, EventArchiveQuery } from './event-archive.js';
export {
  checkEvent,
  entryOfEvent,
  eventLogDefinition,
  toLogQuery as logQueryOfEvents,
} from './event-entries.js';
export { eventLogOver } from './event-log-over.js';
export type {
  AppendResult,
  EventLogStore,
  EventLogSupports,
  EventPage,
  EventQuery,
  NewEvent,
  PersistedEvent,
  StreamPosition,
} from './event-log.js';
export type { DroppedEvents, EventSink, FlushOptions, FlushReport, IngestStats } from './event-sink.js';
export { isRecord } from './is-record.js';
export type { JsonObject, JsonValue } from './json-value.js';
export { limitOf, toLogPage } from './log-page.js';
export { metadataOver } from './metadata-over.js';
export type { Labels, ManagedEdge, MetadataScope, PersistentMetadataStore } from './metadata-store.js';
export type {
  Appended,
  AppendOptions,
  LogBounds,
  LogPage,
  LogQuery,
  NewEntry,
  OrderedLog,
  PruneBounds,
  StoredEntry,
} from './ordered-log.js';
export type {
  Claim,
  Claimed,
  NewRecord,
  RecordPage,
  RecordQuery,
  RecordStore,
  StoredRecord,
  VersionOptions,
} from './record-store.js';
export { scopedName } from './scoped-name.js';
export { sessionStoreOver } from './session-store-over.js';
export { checkSessionHistoryQuery, checkSessionQuery } from './session-store-queries.js';
export { checkSessionRows, sessionRowFromJson, sessionRowToJson } from './session-store-rows.js';
export type {
  SessionHistoryPage,
  SessionHistoryQuery,
  SessionPage,
  SessionQuery,
  SessionRow,
  SessionStore,
} from './session-store.js';
export type {
  AppendWrite,
  DeleteWrite,
  PutWrite,
  Storage,
  StorageContents,
  StorageSupports,
  StorageWrite,
  StorageWritten,
} from './storage.js';
export { shownErrorText } from './shown-error-text.js';
export { staleCursor, tail } from './tail.js';
export type { TailOptions } from './tail.js';
export type { AgentEvent, ModuleEvent, UnifiedEvent } from './unified-event.js';
export { within } from './within.js';
