import type { ErrorEvent, MobError, Storage } from '@mobkit/core';
import type {
  AgentEventEnvelope,
  AgentEventListener,
  LlmProvider,
  MobDefinition,
  MobEvent,
  MobHandle,
  OpenMobOptions,
} from '@mobkit/core/mob';
import { ManualClock } from '@mobkit/contract-kit';
import { openMemoryStores } from '@mobkit/store-memory';

import { createMobEngine, type MobEngineOptions } from '../src/index.js';
import { fakeModel } from './fake-model.js';

/** Two quiet workers and an orchestrator, none of them there yet. */
export const testDefinition: MobDefinition = {
  id: 'crew',
  orchestrator: { profile: 'lead' },
  profiles: {
    lead: { model: 'fake', tools: { comms: true }, external_addressable: true, runtime_mode: 'turn_driven' },
    worker: {
      model: 'fake',
      tools: { comms: true },
      external_addressable: true,
      runtime_mode: 'turn_driven',
      peer_description: 'works',
    },
    host: { model: 'fake', tools: { comms: true }, external_addressable: true },
    hermit: { model: 'fake', tools: { comms: true }, runtime_mode: 'turn_driven' },
    mute: { model: 'fake' },
  },
};

export interface TestMobOptions
  extends Partial<MobEngineOptions>, Pick<OpenMobOptions, 'whenHeld' | 'onHeld' | 'signal'> {
  readonly definition?: MobDefinition;
  readonly model?: LlmProvider;
  /** @defaultValue true */
  readonly start?: boolean;
  readonly onEvent?: AgentEventListener;
}

/** Opens a mob on a storage of its own, unless one is given, and keeps what it tells; the ends of interactions apart. */
export async function openTestMob(options: TestMobOptions = {}) {
  const {
    definition = testDefinition,
    model = fakeModel(),
    start = true,
    onEvent,
    whenHeld,
    onHeld,
    signal,
    ...engineOptions
  } = options;
  const { storage = await memoryStorage(), clock = new ManualClock(1_000) } = engineOptions;
  const events: AgentEventEnvelope[] = [];
  const interactions: AgentEventEnvelope[] = [];
  const errors: ErrorEvent[] = [];
  const losses: MobError[] = [];
  const engine = createMobEngine({
    providers: () => [model],
    allowEphemeralSessions: true,
    ...engineOptions,
    storage,
    clock,
  });
  const { mob, report } = await engine.open({
    definition,
    ...(whenHeld && { whenHeld }),
    ...(onHeld && { onHeld }),
    ...(signal && { signal }),
    onLost: (error) => void losses.push(error),
    onAgentEvent: (event) => {
      const { type } = event.payload;
      (type === 'interaction_complete' || type === 'interaction_failed' ? interactions : events).push(event);
      onEvent?.(event);
    },
    onError: (error) => void errors.push(error),
  });
  if (start) mob.start();
  return { engine, mob, report, events, interactions, errors, losses, storage, clock };
}

export async function memoryStorage(): Promise<Storage> {
  return (await openMemoryStores()).storage;
}

/** What a ledger holds, without what only tells times. */
export async function ledgerOf(mob: MobHandle): Promise<readonly MobEvent[]> {
  return (await mob.events.query({ afterCursor: 0, limit: 10_000 })).events;
}

export async function kindsOf(mob: MobHandle): Promise<readonly string[]> {
  return (await ledgerOf(mob)).map(({ kind }) => kind.type);
}

/** `type` of every event of a member, in order. */
export function typesOf(events: readonly AgentEventEnvelope[], identity: string): readonly string[] {
  return events.flatMap(({ source, payload }) => (source.identity === identity ? [payload.type] : []));
}
