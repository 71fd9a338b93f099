export { createModules } from './create-modules.js';
export type { ModulesOptions, SupervisionOptions } from './create-modules.js';
export type { ModuleConfig, PreSpawnData, RestartPolicy } from './module-config.js';
export { runOnce } from './run-once.js';
export type { RunOnceOptions } from './run-once.js';
export { superviseMcp } from './supervise-mcp.js';
export type { SupervisedMcp, SuperviseMcpOptions } from './supervise-mcp.js';
