import { type ArchiveStatus, type IngestStats, MobError } from '@mobkit/core';
import type {
  AgentStream,
  AgentStreamItem,
  AgentStreamOptions,
  Readiness,
  ShutdownReport,
  StreamedEvent,
  StructuralEvent,
  StructuralQuery,
  StructuralTailOptions,
  UnifiedRuntime,
} from '@mobkit/runtime';

const report: ShutdownReport = {
  drain: { drainedCount: 0, timedOut: false, drainDurationMs: 0 },
  moduleShutdown: { terminatedModules: [], orphanProcesses: 0 },
  mobStop: 'ok',
  mob: { interrupted: [], errors: [] },
  errors: [],
};

/** A runtime of epoch 1 whose events are made by the test: what it gives and when it ends is as the real one promises. */
export class FakeRuntime {
  readonly events: StreamedEvent[] = [];
  readonly ledger: StructuralEvent[] = [];
  readonly members = new Set(['lead', 'worker-1']);
  /** Numbers of the mob, and cursors, below these are gone. */
  firstKept = 1;
  running = true;
  /** Streams that are read now. */
  readers = 0;
  shutdowns = 0;
  /** Aborted when its mob is lost. */
  lost: AbortSignal = new AbortController().signal;
  readonly #wakes = new Set<() => void>();

  /** What a server is given. */
  get runtime(): UnifiedRuntime {
    return this as unknown as UnifiedRuntime;
  }

  readonly mob = {
    definition: { id: 'demo', profiles: {} },
    member: (identity: string) => (this.members.has(identity) ? { identity } : undefined),
    members: () => [],
  };

  status() {
    const mobState = this.running ? 'Running' : 'Stopped';
    return Promise.resolve({ running: this.running, mobId: 'demo', mobState, loadedModules: [] });
  }

  /** What it says stands in its way. */
  problems: readonly string[] = [];
  ingest: IngestStats | undefined;
  archive: ArchiveStatus | undefined;

  readiness(): Promise<Readiness> {
    return Promise.resolve({ ready: this.problems.length === 0, problems: this.problems });
  }

  archiveStatus() {
    return Promise.resolve(this.archive);
  }

  ingestStats() {
    return this.ingest;
  }

  shutdown() {
    this.shutdowns += 1;
    this.running = false;
    this.#wake();
    return Promise.resolve(report);
  }

  /** Something an agent does. */
  act(identity: string, payload: { readonly type: string; readonly [field: string]: unknown }) {
    const agentN = this.events.filter((event) => event.identity === identity).length + 1;
    const n = this.events.length + 1;
    const memberId = `${identity}:0`;
    this.events.push({
      id: `evt-${n}`,
      timestampMs: 0,
      memberId,
      identity,
      interactionId: 'i-1',
      stream: { epoch: 1, n, agentN },
      event: { kind: 'agent', agentId: memberId, eventType: payload.type, payload },
    });
    this.#wake();
  }

  /** Something that happens to the mob. */
  record(kind: string) {
    const cursor = this.ledger.length + 1;
    this.ledger.push({
      eventId: `mob-evt-${cursor}`,
      cursor,
      mobId: 'demo',
      timestampMs: 0,
      kind,
      mobLabels: {},
      runLabels: {},
      data: { type: 'mob_completed' },
    });
    this.#wake();
  }

  agentEvents({ identity, after, signal }: AgentStreamOptions): AgentStream {
    const mine = () => this.events.filter((event) => identity === undefined || event.identity === identity);
    const numberOf = ({ stream }: StreamedEvent) => (identity === undefined ? stream.n : stream.agentN);
    const latest = { epoch: 1, n: mine().length };
    if (after && (after.epoch > 1 || after.n > latest.n)) {
      throw new MobError('MOB_CURSOR_STALE', 'beyond', { details: { after, latest } });
    }
    let at = after?.n ?? latest.n;
    const next = (): AgentStreamItem | undefined => {
      const event = mine().find((one) => numberOf(one) > at && one.stream.n >= this.firstKept);
      if (!event) return undefined;
      const to = numberOf(event) - 1;
      if (to > at) {
        const gap = { reason: 'not_kept', from: { epoch: 1, n: at }, to: { epoch: 1, n: to } } as const;
        at = to;
        return { type: 'gap', gap };
      }
      at += 1;
      return { type: 'event', event };
    };
    const stream = this.#follow(next, signal);
    return Object.assign(stream, { takeReady: () => [], position: { epoch: 1, n: at } });
  }

  queryMobEvents({ limit = 256, afterCursor = 0 }: StructuralQuery) {
    const events = this.ledger.filter(({ cursor }) => cursor > afterCursor).slice(0, limit);
    const latestCursor = this.ledger.length;
    return Promise.resolve({ events, scannedTo: latestCursor, more: false, latestCursor });
  }

  tailMobEvents({ afterCursor, kinds, signal }: StructuralTailOptions): AsyncIterable<StructuralEvent> {
    let at = afterCursor;
    return this.#follow(() => {
      if (at < this.firstKept - 1) {
        const details = { afterSeq: at, firstSeq: this.firstKept, lastSeq: this.ledger.length };
        throw new MobError('MOB_CURSOR_STALE', 'pruned', { details });
      }
      const event = this.ledger.find(({ cursor, kind }) => cursor > at && (kinds?.includes(kind) ?? true));
      at = event?.cursor ?? this.ledger.length;
      return event;
    }, signal);
  }

  /** Resolves when just so many streams are read. */
  async readersAre(count: number): Promise<void> {
    while (this.readers !== count) {
      await new Promise<void>((resolve) => this.#wakes.add(resolve));
    }
  }

  async *#follow<T>(next: () => T | undefined, signal?: AbortSignal): AsyncGenerator<T, void, undefined> {
    const wake = () => this.#wake();
    signal?.addEventListener('abort', wake);
    this.readers += 1;
    this.#wake();
    try {
      while (!signal?.aborted && this.running) {
        const item = next();
        if (item !== undefined) yield item;
        else await new Promise<void>((resolve) => this.#wakes.add(resolve));
      }
    } finally {
      signal?.removeEventListener('abort', wake);
      this.readers -= 1;
      this.#wake();
    }
  }

  #wake(): void {
    const wakes = [...this.#wakes];
    this.#wakes.clear();
    for (const wake of wakes) wake();
  }
}
