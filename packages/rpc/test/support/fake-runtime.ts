import {
  type DeadLetter,
  type EventQuery,
  type ArchiveStatus,
  type IngestStats,
  type Labels,
  MobError,
  type PersistedEvent,
  type RecordQuery,
} from '@mobkit/core';
import type { Content, FlowRun, MemberSnapshot, SendOptions, SpawnMemberSpec } from '@mobkit/core/mob';
import type { RuntimeLabels, StructuralEvent, StructuralQuery, UnifiedRuntime } from '@mobkit/runtime';

/** A runtime that does what it is told and remembers what it was asked. */
export class FakeRuntime {
  readonly members = new Map<string, MemberSnapshot>();
  readonly asked: unknown[] = [];
  events: readonly PersistedEvent[] | undefined = [];
  letters: readonly DeadLetter[] | undefined;
  /** Why nothing reaches the log. */
  failing: IngestStats['failing'];
  archive: ArchiveStatus | undefined;
  ledger: readonly StructuralEvent[] = [];
  runs: readonly FlowRun[] = [];
  /** What every method fails with, when set. */
  failure: unknown;
  sessionWarehouse: UnifiedRuntime['sessionWarehouse'];

  get runtime(): UnifiedRuntime {
    return this as unknown as UnifiedRuntime;
  }

  readonly mob = {
    definition: {
      id: 'demo',
      profiles: { lead: { model: 'scripted', external_addressable: true }, worker: { model: 'scripted' } },
      flows: { publish: { description: 'To print', steps: { draft: { role: 'worker', message: 'go' } } } },
    },
    runFlow: async (flowId: string, params: unknown, options: unknown) => {
      this.#ask({ flowId, params, options });
      if (flowId !== 'publish') throw new MobError('MOB_FLOW_NOT_FOUND', `no "${flowId}"`);
      return 'run-1';
    },
    flowRun: async (runId: string) => this.runs.find((run) => run.runId === runId),
    flowRuns: async (filter: unknown) => (this.#ask(filter), this.runs),
    cancelFlow: async (runId: string) => this.#ask({ runId }),
    members: () => [...this.members.values()],
    memberDetails: async (identity: string) => {
      const member = this.members.get(identity);
      return member && { ...member, running: true, waiting: 2, tokensUsed: 7, outputPreview: 'hello' };
    },
  };

  readonly roster = {
    list: () => [...this.members.values()],
    get: (identity: string) => this.members.get(identity),
    find: (label: string, value: string) =>
      [...this.members.values()].filter(({ labels }) => labels[label] === value),
    spawn: (spec: SpawnMemberSpec) => this.#spawn(spec),
    spawnMany: async (specs: readonly SpawnMemberSpec[]) =>
      Promise.all(
        specs.map(async (spec) =>
          spec.profile === 'nobody'
            ? { identity: spec.identity, error: new MobError('MOB_PROFILE_NOT_FOUND', 'no "nobody"') }
            : { identity: spec.identity, member: await this.#spawn(spec) },
        ),
      ),
    ensure: async (spec: SpawnMemberSpec) => this.members.get(spec.identity) ?? this.#spawn(spec),
    ensureByLabel: async (label: string, value: string, spec: SpawnMemberSpec) =>
      this.roster.find(label, value)[0] ?? this.#spawn({ ...spec, labels: { [label]: value } }),
    retire: (identity: string) => {
      this.#ask(identity);
      this.members.delete(identity);
      return Promise.resolve();
    },
    respawn: async (identity: string) => this.#next(identity),
    reset: async (identity: string) => this.#next(identity),
    cancel: async (identity: string) => void this.#next(identity),
    wire: async (a: string, b: string) => {
      if (b === 'nobody') throw new MobError('MOB_MEMBER_NOT_FOUND', `no "${b}"`);
      this.#ask({ wire: [a, b] });
    },
    unwire: async (a: string, b: string) => this.#ask({ unwire: [a, b] }),
  };

  status() {
    this.#maybeFail();
    return Promise.resolve({ running: true, mobId: 'demo', mobState: 'Running', loadedModules: [] });
  }

  archiveStatus(): Promise<ArchiveStatus | undefined> {
    return Promise.resolve(this.archive);
  }

  ingestStats(): IngestStats {
    const dropped = { overflow: 1, refused: 0, corrupt: 0, closed: 0 };
    const moved = { recovered: 0, spilled: 0, filtered: 0, duplicate: 0 };
    const { failing } = this;
    return { accepted: 3, persisted: 1, buffered: 1, ...moved, dropped, ...(failing && { failing }) };
  }

  #spawn(spec: SpawnMemberSpec) {
    this.#ask(spec);
    const member = {
      identity: spec.identity,
      generation: 0,
      fenceToken: 1,
      role: spec.profile,
      runtimeMode: spec.runtimeMode ?? 'autonomous_host',
      status: 'active',
      wiredTo: [],
      labels: spec.labels ?? {},
      sessionId: `session-${spec.identity}`,
    } as const;
    this.members.set(spec.identity, member);
    return Promise.resolve(member);
  }

  #next(identity: string): MemberSnapshot {
    this.#ask(identity);
    const member = this.members.get(identity);
    if (!member) throw new MobError('MOB_MEMBER_NOT_FOUND', `no "${identity}"`);
    return { ...member, generation: member.generation + 1 };
  }

  sendMessage(identity: string, content: Content, options: SendOptions = {}) {
    this.#ask({ identity, content });
    if (!this.members.has(identity)) {
      throw new MobError('MOB_MEMBER_NOT_FOUND', `no "${identity}"`, { details: { memberId: identity } });
    }
    const { interactionId, handlingMode = 'queue' } = options;
    return Promise.resolve({ identity, sessionId: `session-${identity}`, interactionId, handlingMode });
  }

  queryEvents(query: EventQuery) {
    this.#ask(query);
    const { events } = this;
    return Promise.resolve(events && { events, firstSeq: 1, lastSeq: 1, scannedTo: 1, more: false });
  }

  deadLetters(query: Pick<RecordQuery, 'afterKey' | 'limit'>) {
    this.#ask(query);
    const { letters } = this;
    return Promise.resolve(letters && { letters, more: true });
  }

  readonly #labels = new Map<string | undefined, Labels>();

  readonly labels: RuntimeLabels = {
    get: async (runId) => this.#labels.get(runId) ?? {},
    set: async (labels, runId) => void this.#labels.set(runId, labels),
    delete: async (runId) => void this.#labels.delete(runId),
  };

  queryMobEvents(query: StructuralQuery) {
    this.#ask(query);
    const latestCursor = 9;
    if (query.afterCursor !== undefined && query.afterCursor > latestCursor) {
      const details = { afterSeq: query.afterCursor, firstSeq: 1, lastSeq: latestCursor };
      throw new MobError('MOB_CURSOR_STALE', 'stale mob event cursor', { details });
    }
    return Promise.resolve({ events: this.ledger, scannedTo: 7, more: true, latestCursor });
  }

  #ask(what: unknown): void {
    this.asked.push(what);
    this.#maybeFail();
  }

  #maybeFail(): void {
    if (this.failure !== undefined) throw this.failure;
  }
}
