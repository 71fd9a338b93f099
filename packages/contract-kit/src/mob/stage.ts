import type { ErrorEvent, Storage } from '@mobkit/core';
import type {
  AgentEventEnvelope,
  AgentTool,
  MobDefinition,
  MobHandle,
  OpenedMob,
  OpenMobOptions,
} from '@mobkit/core/mob';

import { FaultyStorage } from '../faulty-storage.js';
import { ManualClock } from '../manual-clock.js';
import type { MobHarness } from './harness.js';
import { type KitModel, kitModel } from './model.js';

/** Roles of every kind: addressable or not, on their own or driven, with the tools to talk. */
export const crew: MobDefinition = {
  id: 'crew',
  orchestrator: { profile: 'lead' },
  profiles: {
    lead: { model: 'kit', tools: { comms: true }, external_addressable: true, runtime_mode: 'turn_driven' },
    worker: { model: 'kit', tools: { comms: true }, external_addressable: true, runtime_mode: 'turn_driven' },
    host: { model: 'kit', tools: { comms: true }, external_addressable: true },
    hermit: { model: 'kit', tools: { comms: true }, runtime_mode: 'turn_driven' },
    mute: { model: 'kit' },
  },
};

export interface StageOptions extends Partial<OpenMobOptions> {
  readonly model?: KitModel;
  readonly tools?: readonly AgentTool[];
  /** @defaultValue true */
  readonly start?: boolean;
  /** @defaultValue 64 */
  readonly maxSessions?: number;
}

/** A mob that plays, and everything it tells. */
export interface Played extends OpenedMob {
  readonly model: KitModel;
  readonly events: AgentEventEnvelope[];
  readonly errors: ErrorEvent[];
}

/** After so long, whatever an engine held that was killed is free for the next. */
const LEASES_END_MS = 600_000;

/** Where the mobs of one test play: one storage, engines over it one after the other. */
export class Stage {
  readonly clock = new ManualClock(1_760_000_000_000);
  readonly #harness: MobHarness;
  readonly #inner: Storage;
  readonly #open: MobHandle[] = [];
  storage: FaultyStorage;

  constructor(harness: MobHarness, storage: Storage) {
    this.#harness = harness;
    this.#inner = storage;
    this.storage = new FaultyStorage(storage);
  }

  async open(options: StageOptions = {}): Promise<Played> {
    const { model = kitModel(), tools = [], start = true, maxSessions = 64, ...given } = options;
    const events: AgentEventEnvelope[] = [];
    const errors: ErrorEvent[] = [];
    const engine = this.#harness.engine({
      storage: this.storage,
      clock: this.clock,
      providers: () => [model],
      tools: () => tools,
      maxSessions,
    });
    const opened = await engine.open({
      definition: crew,
      onError: (error) => void errors.push(error),
      ...given,
      onAgentEvent: (event) => {
        events.push(event);
        given.onAgentEvent?.(event);
      },
    });
    this.#open.push(opened.mob);
    if (start) opened.mob.start();
    return { ...opened, model, events, errors };
  }

  /** Shuts the mob down and opens it again, as the next process does. */
  async restart(options: StageOptions = {}): Promise<Played> {
    await this.#open.pop()?.shutdown();
    return this.open(options);
  }

  /** Ends the process that runs it, as SIGKILL does, and opens it again. */
  async crash(options: StageOptions = {}): Promise<Played> {
    this.storage.sever();
    const gone = this.#open.pop();
    // Nobody hears of it any more; what it holds is given back.
    void gone?.shutdown({ deadlineMs: 0 });
    this.storage = new FaultyStorage(this.#inner);
    this.clock.advance(LEASES_END_MS);
    return this.open(options);
  }

  async close(): Promise<void> {
    await Promise.all(this.#open.splice(0).map((mob) => mob.shutdown({ deadlineMs: 0 })));
  }
}

/** `type` of everything in the ledger, in order. */
export async function kindsOf(mob: MobHandle): Promise<readonly string[]> {
  return (await ledgerOf(mob)).map(({ kind }) => kind.type);
}

export async function ledgerOf(mob: MobHandle) {
  return (await mob.events.query({ afterCursor: 0, limit: 10_000 })).events;
}

/** `type` of every event of a member, in order. */
export function typesOf(events: readonly AgentEventEnvelope[], identity: string): readonly string[] {
  return events.flatMap(({ source, payload }) => (source.identity === identity ? [payload.type] : []));
}
