import { setTimeout as pause } from 'node:timers/promises';

import type { Clock, Storage } from '@mobkit/core';
import type {
  ApprovalDecision,
  Delivery,
  DeliveryRequest,
  Gate,
  GateRequest,
  MemoryConflicts,
  ModuleEventEnvelope,
  Router,
  ServiceHost,
} from '@mobkit/core/ops';

import { FaultyStorage } from '../faulty-storage.js';
import type { Opened } from '../harness.js';
import { ManualClock } from '../manual-clock.js';

/** How the kit gets gates to test. */
export interface GateHarness {
  /** Shown in the test report. */
  readonly name: string;
  /** Opens a storage that holds nothing. Called before every test; closed after it. */
  open(): Promise<Opened<{ readonly storage: Storage }>>;
  /** A gate over it; called again, as another process or the next one would. */
  gate(parts: GateParts): Promise<Gate>;
}

/** What a gate is made from. */
export interface GateParts {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly router: Pick<Router, 'resolve'>;
  readonly delivery: Pick<Delivery, 'send'>;
  readonly conflicts: readonly MemoryConflicts[];
  readonly approvers?: readonly string[];
  readonly quorum?: number;
}

/** What happens is awaited this long, in real milliseconds, and looked for this often. */
const PATIENCE_MS = 30_000;
const LOOK_MS = 2;

/** When a stage begins: Unix time in milliseconds. */
export const STAGE_BEGINS_MS = 1_000_000;

/** What the tests of a gate play on. */
export class GateStage {
  readonly clock = new ManualClock(STAGE_BEGINS_MS);
  /** What was asked of the delivery. */
  readonly sent: DeliveryRequest[] = [];
  /** Events, of all gates. */
  readonly told: ModuleEventEnvelope[] = [];
  /** What the delivery makes of the next notice. */
  notices: 'sent' | 'failed' | 'refused' = 'sent';
  /** Who knows of contradictions. */
  readonly memory: { conflicts: MemoryConflicts[] } = { conflicts: [] };
  readonly #harness: GateHarness;
  readonly #stores: Opened<{ readonly storage: Storage }>;
  /** What all gates keep things in. */
  readonly storage: FaultyStorage;
  /** What the delivery looks at before it sends a notice. */
  beforeNotice: () => Promise<void> = async () => {};
  readonly #gates: Gate[] = [];
  #closed = false;

  private constructor(harness: GateHarness, stores: Opened<{ readonly storage: Storage }>) {
    this.#harness = harness;
    this.#stores = stores;
    this.storage = new FaultyStorage(stores.storage);
  }

  static async open(harness: GateHarness): Promise<GateStage> {
    return new GateStage(harness, await harness.open());
  }

  /** A gate that has started. Called again: another process on the same storage. */
  async gate(options: Pick<GateParts, 'approvers' | 'quorum'> = {}): Promise<Gate> {
    const gate = await this.#harness.gate({
      ...options,
      storage: this.storage,
      clock: this.clock,
      conflicts: this.memory.conflicts,
      router: { resolve: async ({ recipient, channel = '' }) => resolution(recipient, channel) },
      delivery: { send: async (request) => this.#send(request) },
    });
    const host: Pick<ServiceHost, 'tell' | 'onError'> = {
      tell: (event) => void this.told.push(event),
      onError: () => {},
    };
    this.#gates.push(gate);
    await gate.start(host as ServiceHost);
    return gate;
  }

  /** Resolves when it holds; what never does ends after a while, or with the stage. */
  async until(holds: () => boolean | Promise<boolean>): Promise<void> {
    const endMs = performance.now() + PATIENCE_MS;
    while (!(await holds())) {
      if (this.#closed || performance.now() > endMs)
        throw new Error(`It did not come about: ${String(holds)}`);
      await pause(LOOK_MS);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const gate of this.#gates) await gate.stop({ deadlineMs: 1_000 });
    await this.#stores.close();
  }

  async #send(request: DeliveryRequest) {
    await this.beforeNotice();
    this.sent.push(request);
    if (this.notices === 'refused') throw new Error('no sink takes it');
    const deliveryId = `delivery-${this.sent.length}`;
    return { ...request, deliveryId, status: this.notices, attempts: [] };
  }
}

function resolution(recipient: string, channel: string) {
  return {
    routeId: `route-${recipient}`,
    recipient,
    channel,
    sink: 'box',
    targetModule: 'delivery',
    retryMax: 0,
    backoffMs: 1,
    rateLimitPerMinute: 10,
  };
}

/** A request that has to be approved. */
export function risky(given: Partial<GateRequest> = {}): GateRequest {
  return { action: 'deploy', actorId: 'alice', riskTier: 'r3', ...given };
}

export function approve(pendingId: string, given: Partial<ApprovalDecision> = {}): ApprovalDecision {
  return { pendingId, approverId: 'bob', decision: 'approve', ...given };
}
