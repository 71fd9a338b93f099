export type {
  AgentStreamItem,
  AgentStreamOptions,
  StreamCursor,
  StreamedEvent,
  StreamGap,
} from './agent-streams.js';
export type { StructuralEvent, StructuralEventPage, StructuralTailOptions } from './structural-event.js';
export type { RuntimeStatus, ShutdownReport, StructuralQuery, UnifiedRuntime } from './unified-runtime.js';
