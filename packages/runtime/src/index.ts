export type {
  AgentStream,
  AgentStreamItem,
  AgentStreamOptions,
  StreamCursor,
  StreamedEvent,
  StreamGap,
} from './agent-streams.js';
export { bootstrapRuntime } from './bootstrap-runtime.js';
export { MOB_EVENTS_STREAM_PATH, mobEventsSubscribeUrl } from './mob-events-subscribe-url.js';
export { payloadJson } from './payload-json.js';
export type { Readiness } from './readiness.js';
export type { RuntimeParts } from './runtime-parts.js';
export type { StructuralEvent, StructuralEventPage, StructuralTailOptions } from './structural-event.js';
export type { RuntimeStatus, ShutdownReport, StructuralQuery, UnifiedRuntime } from './unified-runtime.js';
