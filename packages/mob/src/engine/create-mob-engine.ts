import { systemClock } from '@mobkit/core';
import type { MobEngine, PeerAddress } from '@mobkit/core/mob';

import { ChildMobRegistry } from '../children/child-mobs.js';
import type { MobEngineOptions } from './mob-engine-options.js';
import { openMob } from './open-mob.js';
import { uuidV7 } from './uuid-v7.js';

const MAX_SESSIONS = 64;

/**
 * Makes an engine that runs mobs in this process and keeps everything about them in one storage. Connects to nothing.
 *
 * @throws TypeError when `maxSessions` is not a whole number from 1.
 */
export function createMobEngine(options: MobEngineOptions): MobEngine {
  const { storage, providers, tools = () => [], clock = systemClock, maxSessions = MAX_SESSIONS } = options;
  const { allowEphemeralSessions = false, owner = `process ${process.pid}` } = options;
  const { customizeSpawn = (spec) => spec } = options;
  const { newId = () => uuidV7(clock.now()), toolSources = () => [], hooks = () => [] } = options;
  if (!Number.isSafeInteger(maxSessions) || maxSessions < 1) {
    throw new TypeError(`maxSessions is not a whole number from 1: ${maxSessions}`);
  }
  const childMobs: ChildMobRegistry = new ChildMobRegistry({
    storage,
    open: (given) => openMob(engine, given),
  });
  const engine = {
    storage,
    providers,
    tools,
    toolSources,
    hooks,
    ...(options.toolGate && { toolGate: options.toolGate }),
    // The mobs of this engine first.
    resolvePeer: (address: PeerAddress) => childMobs.find(address.mobId) ?? options.resolvePeer?.(address),
    clock,
    maxSessions,
    newId,
    customizeSpawn,
    allowEphemeralSessions,
    owner,
    childMobs,
  };
  return { open: (given) => openMob(engine, given), childMobs };
}
