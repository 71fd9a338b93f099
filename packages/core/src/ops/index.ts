export { type CapabilityProblem, type ModuleCapabilities, parseCapabilityLine } from './capability-line.js';
export type {
  Delivery,
  DeliveryAttempt,
  DeliveryQuery,
  DeliveryRecord,
  DeliveryRequest,
  DeliveryStatus,
} from './delivery.js';
export type { DeliveryMessage, DeliverySink, SinkContext, SinkReceipt } from './delivery-sink.js';
export { payloadText } from './payload-text.js';
export {
  type DeliveryOutbox,
  deliveryOutboxDefinition,
  deliveryOutboxOf,
  type KeptOutboxRequest,
  outboxPut,
  type OutboxRequest,
  outboxWrite,
  type TransactionClient,
} from './delivery-outbox.js';
export type {
  ContactDirectory,
  ContinuityRecord,
  IdentityContext,
  IdentityOutcome,
  MobContact,
  PeerKeys,
  RuntimeIdentity,
  SessionBridge,
} from './identity.js';
export type {
  ApprovalDecided,
  ApprovalDecision,
  Gate,
  GateAuditEntry,
  GateAuditType,
  GateCaller,
  GateEvaluation,
  GateFallback,
  GateOutcome,
  GateRequest,
  PendingApproval,
} from './gate.js';
export type { RiskTier } from '../mob/risk-tier.js';
export { memoryStores } from './memory-ledger.js';
export type {
  MemoryAssertion,
  MemoryAuthor,
  MemoryChange,
  MemoryChangeQuery,
  MemoryConflict,
  MemoryConflicts,
  MemoryFound,
  MemoryIndexed,
  MemoryIndexRequest,
  MemoryLedger,
  MemoryQuery,
  MemoryReference,
  MemoryStoreCount,
  MemoryStoreName,
  ResolveConflictRequest,
} from './memory-ledger.js';
export {
  type EventEnvelope,
  type EventProblem,
  formatEventLine,
  normalizeEnvelope,
  parseEventLine,
} from './event-envelope.js';
export type { ModuleCall, ModuleCaller, ModuleCallProblem, ModuleProcessProblem } from './module-call.js';
export type {
  ModuleEventEnvelope,
  ModuleEventListener,
  ModuleHost,
  ModuleShutdown,
  ModuleStartOptions,
} from './module-host.js';
export type {
  ModuleBoundary,
  ModuleHealthState,
  ModuleHealthTransition,
  ModuleStatus,
} from './module-status.js';
export { resolutionToJson, routeToJson } from './resolution-json.js';
export { DEFAULT_CHANNEL, DEFAULT_ROUTE_LIMITS, MOST_PER_MINUTE, MOST_RETRIES } from './route-limits.js';
export type {
  Resolution,
  ResolveRequest,
  Route,
  RouteAdvice,
  RouteAdvisor,
  RouteLimits,
  Router,
  RouteTable,
} from './router.js';
export type {
  ScheduleDefinition,
  ScheduleDispatch,
  ScheduleDispatchReport,
  ScheduleDue,
  ScheduleEvaluation,
  ScheduleEvaluator,
  ScheduleInjection,
  ScheduleProblem,
  SupervisorSignal,
} from './schedule-evaluator.js';
export type { ScheduleClaim, ScheduleInjector, ScheduleMessage } from './schedule-injector.js';
export type {
  OccurrenceFailure,
  OccurrenceFailureClass,
  OccurrencePhase,
  OccurrenceReceipt,
  ScheduleOccurrence,
} from './schedule-occurrence.js';
export type {
  MisfirePolicy,
  MissingTargetPolicy,
  NewSchedule,
  OverlapPolicy,
  Schedule,
  ScheduleChange,
  SchedulePhase,
  ScheduleTarget,
  ScheduleTrigger,
} from './schedule.js';
export type { RuntimeService, ServiceHost } from './runtime-service.js';
export type {
  OccurrenceQuery,
  RevisionOptions,
  ScheduleCall,
  ScheduleFunction,
  SchedulePage,
  ScheduleQuery,
  Scheduler,
} from './scheduler.js';
export { sessionStoreContracts, tableRef } from './session-store-contracts.js';
export type { SessionStoreContract } from './session-store-contracts.js';
export type { SessionTable, SessionWarehouse } from './session-warehouse.js';
export {
  type ExpectedModuleEvent,
  parseTypedEventLine,
  type TypedEventEnvelope,
} from './typed-event-line.js';
export { authProviderOf, checkConsoleAccess } from './policies/console-access.js';
export type { AuthPolicy, AuthProvider, ConsoleCaller, ConsolePolicy } from './policies/console-access.js';
export { buildRuntimeDecisionState } from './policies/decision-state.js';
export type {
  RuntimeDecisionInputs,
  RuntimeDecisionOptions,
  RuntimeDecisionState,
} from './policies/decision-state.js';
export { checkOpsPolicy } from './policies/ops-policy.js';
export type { RuntimeOpsPolicy } from './policies/ops-policy.js';
export type { PolicyProblem } from './policies/policy-invalid.js';
export { checkReleaseMetadata, parseReleaseMetadata } from './policies/release-metadata.js';
export type { ReleaseMetadata } from './policies/release-metadata.js';
export { parseTrustedModules } from './policies/trusted-modules.js';
export type { ModuleRestartPolicy, ParseToml, TrustedModule } from './policies/trusted-modules.js';
export { checkTrustedOidc } from './policies/trusted-oidc.js';
export type { TrustedOidc } from './policies/trusted-oidc.js';
export { checkWarehouseNaming } from './policies/warehouse-naming.js';
export type { WarehouseNaming } from './policies/warehouse-naming.js';
