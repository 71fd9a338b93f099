import type { ErrorEvent, PersistentMetadataStore, Storage } from '@mobkit/core';
import { FaultyStorage, ManualClock } from '@mobkit/contract-kit';
import { metadataOver } from '@mobkit/core';
import type { LlmProvider, MobDefinition, MobHandle } from '@mobkit/core/mob';
import { createMobEngine } from '@mobkit/mob';
import { openMemoryStores } from '@mobkit/store-memory';

import { bootstrapRuntime } from '../../src/bootstrap-runtime.js';
import type { RuntimeParts } from '../../src/runtime-parts.js';
import type { ShapeReport } from '../../src/shape/shape-report.js';
import type { UnifiedRuntime } from '../../src/unified-runtime.js';

/** Two roles that can talk to each other, and one that cannot. */
const crew: MobDefinition = {
  id: 'crew',
  profiles: {
    lead: { model: 'quiet', tools: { comms: true }, runtime_mode: 'turn_driven', external_addressable: true },
    worker: {
      model: 'quiet',
      tools: { comms: true },
      runtime_mode: 'turn_driven',
      external_addressable: true,
    },
    mute: { model: 'quiet', runtime_mode: 'turn_driven' },
  },
};

/** Says nothing of note. */
const quiet: LlmProvider = {
  supports: () => true,
  client: {
    provider: 'quiet',
    async *stream() {
      yield { type: 'text_delta', delta: 'ok' };
      yield { type: 'done', stopReason: 'end_turn' };
    },
    healthCheck: async () => {},
  },
};

export interface ShapeWorld {
  readonly runtime: UnifiedRuntime;
  readonly mob: MobHandle;
  readonly storage: FaultyStorage;
  readonly metadata: PersistentMetadataStore;
  readonly clock: ManualClock;
  readonly told: ErrorEvent[];
  /** What the hooks were called with, in order. */
  readonly hooked: (readonly string[] | ShapeReport)[];
}

type Given = { readonly [Part in keyof RuntimeParts]?: RuntimeParts[Part] } & { readonly kept?: Storage };

/** A runtime over the engine that comes with mobkit; give the storage of an earlier one for a restart. */
export async function keepShape({ kept, ...given }: Given = {}): Promise<ShapeWorld> {
  const storage = new FaultyStorage(kept ?? (await openMemoryStores()).storage);
  const metadata = await metadataOver(storage);
  const clock = new ManualClock(1_000);
  const told: ErrorEvent[] = [];
  const hooked: (readonly string[] | ShapeReport)[] = [];
  const engine = createMobEngine({ storage, providers: () => [quiet], allowEphemeralSessions: true, clock });
  const runtime = await bootstrapRuntime({
    engine,
    definition: crew,
    storage,
    metadata,
    clock,
    onError: (event) => void told.push(event),
    hooks: {
      postSpawn: (identities) => void hooked.push(identities),
      postReconcile: (report) => void hooked.push(report),
    },
    ...given,
  });
  return { runtime, mob: runtime.mob, storage, metadata, clock, told, hooked };
}

/** Identities of the roster, in order. */
export function names({ mob }: Pick<ShapeWorld, 'mob'>): readonly string[] {
  return mob.members().map(({ identity }) => identity);
}

/** The wires of the roster as text, sorted. */
export function wires({ mob }: Pick<ShapeWorld, 'mob'>): readonly string[] {
  return mob
    .members()
    .flatMap(({ identity, wiredTo }) =>
      wiredTo.filter((to) => identity < to).map((to) => `${identity}-${to}`),
    )
    .toSorted();
}

export const worker = (identity: string) => ({ identity, profile: 'worker' });
export const workers = (...identities: readonly string[]) => identities.map(worker);
const edge = (text: string) => {
  const [a = '', b = ''] = text.split('-');
  return { a, b };
};
export const edges = (...texts: readonly string[]) => texts.map(edge);
