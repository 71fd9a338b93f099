export {
  checkDefinition,
  checkModels,
  describeChanges,
  formatDiagnostic,
  parseMobDefinition,
  resolveSchemaPaths,
  resolveSkillPaths,
} from './definition/index.js';
export type {
  DefinitionChange,
  ParseDefinitionOptions,
  ParsedDefinition,
  Path,
  Position,
  PositionOf,
  ResolvedSchemas,
  ResolvedSkills,
} from './definition/index.js';
export { createMobEngine } from './engine/create-mob-engine.js';
export type { MobEngineOptions } from './engine/mob-engine-options.js';
export { readMemberDetails } from './ledger/read-member-details.js';
export { readRoster } from './ledger/read-roster.js';
export type { ReadRosterOptions } from './ledger/read-roster.js';
export {
  DelayedTestClient,
  parseScript,
  providerOf,
  scriptedProvider,
  TestClient,
  testProvider,
} from './models/index.js';
export type {
  DelayedTestClientOptions,
  Script,
  ScriptCall,
  ScriptRule,
  ScriptStep,
  TestClientOptions,
} from './models/index.js';
export { openSessionRows } from './session-rows/session-rows.js';
export type { SessionRows, SessionRowsOptions } from './session-rows/session-rows.js';
