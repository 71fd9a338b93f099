export type {
  AgentErrorClass,
  AgentEventEnvelope,
  AgentEventPayload,
  StopReason,
  TerminalCause,
  Usage,
} from './agent-event.js';
export type { AgentTool, ToolContext } from './agent-tool.js';
export { checkContent, MAX_CONTENT_CHARACTERS } from './check-content.js';
export { textOf } from './content.js';
export type { Content, ContentBlock } from './content.js';
export type {
  Diagnostic,
  MemberDefinition,
  MobDefinition,
  Profile,
  ProfileTools,
  RuntimeMode,
  Skill,
} from './definition.js';
export { definitionEdges } from './definition-edges.js';
export type {
  CollectionPolicy,
  FlowCondition,
  FlowDefinition,
  FlowFrame,
  FlowLimits,
  FlowLoopNode,
  FlowNode,
  FlowStep,
  FlowStepNode,
  SupervisorPolicy,
  TopologyPolicy,
} from './flow.js';
export type { ExternalPeer } from './external-peer.js';
export type { FlowRun, FlowRunStatus, FlowStepRow, FlowStepStatus } from './flow-run.js';
export type { AgentHook, HookCall, HookDecision, HookPoint } from './hooks.js';
export type {
  LlmClient,
  LlmEvent,
  LlmMessage,
  LlmProvider,
  LlmRequest,
  LlmToolCall,
  LlmToolDefinition,
} from './llm-client.js';
export { formatIncarnation } from './incarnation.js';
export type { Incarnation } from './incarnation.js';
export { identityProblem, RESERVED_PREFIX } from './member-identity.js';
export type {
  AgentBudget,
  KickoffPhase,
  LaunchMode,
  MemberDetails,
  MemberSnapshot,
  MemberStatus,
  SpawnCustomizer,
  SpawnMemberSpec,
  ToolAccess,
} from './member.js';
export type {
  BroadcastOutcome,
  HandlingMode,
  MobComms,
  PeerAddress,
  PeerMessage,
  PeerReceipt,
  PeerReceiver,
  PeerSendOptions,
  ResolvePeer,
  Work,
  WorkReceipt,
} from './mob-comms.js';
export type {
  LostTurn,
  MobEngine,
  OpenedMob,
  OpenMobOptions,
  OpenMobReport,
  WhenHeld,
} from './mob-engine.js';
export { structuralFields, structuralParties } from './mob-event.js';
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
  AgentEventsOptions,
  MobHandle,
  MobShutdownReport,
  MobState,
  SendOptions,
  SendReceipt,
} from './mob-handle.js';
export type { FlowRunFilter, MobFlows, RunFlowOptions } from './mob-flows.js';
export type { DestroyReport, MobLifecycle } from './mob-lifecycle.js';
export type { ChildMobs } from './mob-registry.js';
export { spawnSpecOf } from './spawn-spec-of.js';
export type { SpawnPolicy } from './spawn-policy.js';
export type {
  HelperResult,
  HelperSpec,
  MembersReconciled,
  MobRoster,
  SpawnOutcome,
  WaitOptions,
} from './mob-roster.js';
export type { RiskTier } from './risk-tier.js';
export type { GatedCall, ToolGate, ToolVerdict } from './tool-gate.js';
export type { ToolSource } from './tool-source.js';
