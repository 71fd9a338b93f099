import type {
  Discovery,
  EdgeDiscovery,
  EventArchive,
  EventLogStore,
  EventSink,
  PersistentMetadataStore,
  SessionStore,
  Storage,
} from '@mobkit/core';
import type { AgentTool, LlmProvider, MobEngine, MobHandle, ToolSource } from '@mobkit/core/mob';
import type {
  Delivery,
  DeliveryOutbox,
  DeliverySink,
  Gate,
  MemoryConflicts,
  MemoryLedger,
  ModuleHost,
  RouteAdvisor,
  Router,
  ScheduleInjector,
  Scheduler,
  SessionWarehouse,
} from '@mobkit/core/ops';
import type { InjectionToken } from 'tsyringe';

/** Names a slot, or what is collected, and says of which type it is. */
export type Token<T> = InjectionToken<T>;

/**
 * Makes a typed token. The symbol is global, so two copies of this package agree on it.
 *
 * The explicit return type matters: annotating a `const` instead would narrow to `symbol` in its own file.
 */
export function token<T>(name: string): Token<T> {
  return Symbol.for(`mobkit.${name}`);
}

/** Tokens of the core contracts, one per interface and named after it. */
export const tokens = {
  storage: token<Storage>('Storage'),
  eventLogStore: token<EventLogStore>('EventLogStore'),
  metadataStore: token<PersistentMetadataStore>('PersistentMetadataStore'),
  /** Where events go that are too old for the event log. Nobody fills it unless told to. */
  eventArchive: token<EventArchive>('EventArchive'),
  /** Where sessions are kept beside the mob's own storage. Nobody fills it unless told to. */
  sessionStore: token<SessionStore>('SessionStore'),
  /** Who should exist. Nobody fills it unless told to: the definition's members are all then. */
  discovery: token<Discovery>('Discovery'),
  /** Who should be able to talk to whom. Nobody fills it unless told to. */
  edgeDiscovery: token<EdgeDiscovery>('EdgeDiscovery'),
  eventSink: token<EventSink>('EventSink'),
  mobEngine: token<MobEngine>('MobEngine'),
  /** The running mob. Resolving it before there is one throws. */
  mobHandle: token<MobHandle>('MobHandle'),
  router: token<Router>('Router'),
  /** Asked by the router at each message. Nobody fills it unless told to. */
  routeAdvisor: token<RouteAdvisor>('RouteAdvisor'),
  delivery: token<Delivery>('Delivery'),
  /** Deliveries in the transactions of an application. Stores fill it that can. */
  deliveryOutbox: token<DeliveryOutbox>('DeliveryOutbox'),
  /** Helper processes. Nobody fills it unless told to. */
  moduleHost: token<ModuleHost>('ModuleHost'),
  scheduler: token<Scheduler>('Scheduler'),
  /** Says what the tick call tells members. Nobody fills it unless told to. */
  scheduleInjector: token<ScheduleInjector>('ScheduleInjector'),
  gate: token<Gate>('Gate'),
  memoryLedger: token<MemoryLedger>('MemoryLedger'),
  /** Sessions of tables that callers name. Nobody fills it unless told to. */
  sessionWarehouse: token<SessionWarehouse>('SessionWarehouse'),

  // Tokens that collect: read with `collect`.
  agentTools: token<AgentTool>('AgentTool'),
  deliverySinks: token<DeliverySink>('DeliverySink'),
  llmProviders: token<LlmProvider>('LlmProvider'),
  /** Who knows of contradicting facts beside the memory ledger. */
  memoryConflicts: token<MemoryConflicts>('MemoryConflicts'),
  toolSources: token<ToolSource>('ToolSource'),
} as const;
