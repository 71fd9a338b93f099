export type {
  AgentStream,
  AgentStreamItem,
  AgentStreamOptions,
  StreamCursor,
  StreamedEvent,
  StreamGap,
} from './agent-streams.js';
export { type BootstrapOptions, bootstrapRuntime } from './bootstrap-runtime.js';
export type { DurabilityBySlot } from './durability-by-slot.js';
export type { ErrorEventStats, HostErrorHook } from './error-events.js';
export { firstAborted } from './first-aborted.js';
export type { HookContext, PreSpawnContext, RuntimeHooks } from './hooks.js';
export type { DelegateSettings } from './idle-delegates.js';
export type { LifecycleEvent, LifecycleStage } from './lifecycle-stages.js';
export { MOB_EVENTS_STREAM_PATH, mobEventsSubscribeUrl } from './mob-events-subscribe-url.js';
export type {
  InteractionOutcome,
  InteractionRequest,
  Interactions,
  ReservedInteraction,
} from './interactions.js';
export { payloadJson } from './payload-json.js';
export type { Readiness } from './readiness.js';
export type { RuntimeRoster } from './roster/runtime-roster.js';
export type { RuntimeLabels } from './runtime-labels.js';
export type { RuntimeParts } from './runtime-parts.js';
export type {
  Drift,
  PlanOptions,
  ReconcileOptions,
  ReconcileSettings,
  RuntimeShape,
} from './shape/runtime-shape.js';
export type {
  EdgePlan,
  MemberPlan,
  PlannedEdge,
  PlannedMember,
  PlannedRoute,
  PlannedSpawn,
  PlannedWire,
  RoutePlan,
  ShapePlan,
} from './shape/shape-plan.js';
export type {
  EdgeFailure,
  EdgesReport,
  FailureText,
  MemberFailure,
  MembersReport,
  RediscoverReport,
  RouteFailure,
  RoutingReport,
  ShapeReport,
} from './shape/shape-report.js';
export type {
  StructuralEvent,
  StructuralEventPage,
  StructuralGap,
  StructuralTailOptions,
} from './structural-event.js';
export type {
  Timeline,
  TimelineEntry,
  TimelineEvent,
  TimelineFollowOptions,
  TimelineItem,
  TimelinePage,
  TimelineQuery,
  TimelineScope,
} from './timeline.js';
export type {
  DrainOptions,
  RuntimeStatus,
  ShutdownReport,
  StructuralQuery,
  UnifiedRuntime,
} from './unified-runtime.js';
