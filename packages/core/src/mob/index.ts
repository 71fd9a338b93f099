export type {
  AgentErrorClass,
  AgentEventEnvelope,
  AgentEventPayload,
  StopReason,
  Usage,
} from './agent-event.js';
export type { AgentTool, ToolContext } from './agent-tool.js';
export type {
  Diagnostic,
  MemberDefinition,
  MobDefinition,
  Profile,
  ProfileTools,
  RuntimeMode,
  Skill,
} from './definition.js';
export type {
  LlmClient,
  LlmEvent,
  LlmMessage,
  LlmProvider,
  LlmRequest,
  LlmToolCall,
  LlmToolDefinition,
} from './llm-client.js';
export { formatIncarnation } from './member.js';
export { identityProblem, RESERVED_PREFIX } from './member-identity.js';
export type { Incarnation, KickoffPhase, MemberSnapshot, MemberStatus, SpawnMemberSpec } from './member.js';
export type { LostTurn, MobEngine, OpenedMob, OpenMobOptions, OpenMobReport } from './mob-engine.js';
export { structuralFields } from './mob-event.js';
export type { MemberSpawned, MobEvent, MobEventKind, StructuralFields } from './mob-event.js';
export type {
  MobEventFilter,
  MobEventPage,
  MobEventQuery,
  MobEventsView,
  MobEventTailOptions,
} from './mob-events-view.js';
export type {
  AgentEventListener,
  MobHandle,
  MobShutdownReport,
  MobState,
  SendOptions,
  SendReceipt,
} from './mob-handle.js';
