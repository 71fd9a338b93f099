export type { Delivery, DeliveryRecord, DeliveryRequest, DeliverySink } from './delivery.js';
export type {
  ModuleEventEnvelope,
  ModuleEventListener,
  ModuleHealthState,
  ModuleHealthTransition,
  ModuleHost,
  ModuleShutdown,
  ModuleStartOptions,
} from './module-host.js';
export type { Resolution, ResolveRequest, Route, Router } from './router.js';
