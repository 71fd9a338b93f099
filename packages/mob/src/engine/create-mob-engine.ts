import { type Clock, type Storage, systemClock } from '@mobkit/core';
import type { AgentTool, LlmProvider, MobEngine } from '@mobkit/core/mob';

import { openMob } from './open-mob.js';
import { uuidV7 } from './uuid-v7.js';

const MAX_SESSIONS = 64;

export interface MobEngineOptions {
  /** Where mobs are kept: ledger, sessions, waiting messages. The caller closes it, after the mobs were shut down. */
  readonly storage: Storage;
  /** The models to ask, read once for every mob that is opened. Of several that support one, the last is asked. */
  readonly providers: () => readonly LlmProvider[];
  /** What profiles may name under `tools.host`, read once for every mob that is opened; of two of one name, the last. */
  readonly tools?: () => readonly AgentTool[];
  /** @defaultValue the machine's */
  readonly clock?: Clock;
  /** Members of one mob at most; what is resumed is never refused. @defaultValue 64 */
  readonly maxSessions?: number;
  /** Gives ids of events, sessions and interactions, each once for ever. @defaultValue UUIDs of version 7 */
  readonly newId?: () => string;
}

/**
 * Makes an engine that runs mobs in this process and keeps everything about them in one storage. Connects to nothing.
 *
 * @throws TypeError when `maxSessions` is not a whole number from 1.
 */
export function createMobEngine(options: MobEngineOptions): MobEngine {
  const { storage, providers, tools = () => [], clock = systemClock, maxSessions = MAX_SESSIONS } = options;
  const { newId = () => uuidV7(clock.now()) } = options;
  if (!Number.isSafeInteger(maxSessions) || maxSessions < 1) {
    throw new TypeError(`maxSessions is not a whole number from 1: ${maxSessions}`);
  }
  return {
    open: (given) => openMob({ storage, providers, tools, clock, maxSessions, newId }, given),
  };
}
