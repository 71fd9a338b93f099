export type { CallSettings } from './gated-calls.js';
export { openGate } from './open.js';
export type { GateOptions } from './open.js';
