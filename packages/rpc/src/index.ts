export { toHttpError, toRpcError } from './error-answers.js';
export type { HttpErrorAnswer } from './error-answers.js';
export { errorTable, rowOf } from './error-table.js';
export type { ErrorRow } from './error-table.js';
export { parseStructuralSearch } from './event-queries.js';
export { KEEP_ALIVE_MS } from './keep-alive.js';
export { CONTRACT_VERSION } from './method.js';
export { createRpcHandler } from './rpc-handler.js';
export type { RpcHandler, RpcHandlerOptions } from './rpc-handler.js';
export type { RpcError, RpcId, RpcResponse } from './rpc-message.js';
export {
  toWireDeadLetter,
  toWireEvent,
  toWireFlow,
  toWireMember,
  toWireMemberDetails,
  toWireRun,
  toWireStructuralEvent,
} from './wire.js';
export type {
  WireArchive,
  WireDeadLetter,
  WireMember,
  WirePersistedEvent,
  WireRun,
  WireStructuralEvent,
  WireUnifiedEvent,
} from './wire.js';
export type { WireDelivery } from './wire-deliveries.js';
export type { WireModule } from './wire-modules.js';
export type { WirePlan, WireShapeReport } from './wire-shape.js';
export type { WireOccurrence, WireSchedule } from './wire-schedules.js';
export type { WireApprovalDecided, WireGateAuditEntry, WirePendingApproval } from './wire-gating.js';
export type { WireMemoryChange, WireMemoryConflict, WireMemoryFound } from './wire-memory.js';
export { parseResolveRequest } from './wire-routing.js';
export type { WireResolution, WireRoute } from './wire-routing.js';
