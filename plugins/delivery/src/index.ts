export { deliverTool } from './deliver-tool.js';
export type { DeliverToolDeps } from './deliver-tool.js';
export { createLogSink } from './sinks/log-sink.js';
export { createMemberSink } from './sinks/member-sink.js';
export { openDelivery } from './open.js';
export type { DeliveryOptions } from './open.js';
