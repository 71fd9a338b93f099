import { errorText, type EventPage, type EventQuery, type IngestStats, MobError } from '@mobkit/core';
import type { MobHandle, OpenMobReport, SendOptions, SpawnMemberSpec } from '@mobkit/core/mob';

import type { AgentStream, AgentStreamOptions } from './agent-streams.js';
import { openAgentStream } from './open-agent-stream.js';
import type { RuntimeDeps } from './runtime-deps.js';
import { shutDown } from './shut-down.js';
import type { StructuralEvent, StructuralTailOptions } from './structural-event.js';
import type { RuntimeStatus, ShutdownReport, StructuralQuery, UnifiedRuntime } from './unified-runtime.js';

export class Runtime implements UnifiedRuntime {
  readonly mob: MobHandle;
  readonly openReport: OpenMobReport;
  readonly #deps: RuntimeDeps;
  #shutdown: Promise<ShutdownReport> | undefined;

  constructor(deps: RuntimeDeps) {
    this.#deps = deps;
    this.mob = deps.mob;
    this.openReport = deps.openReport;
  }

  async status(): Promise<RuntimeStatus> {
    const mobState = await this.mob.status();
    const running = mobState === 'Running' && !this.#shutdown;
    return { running, mobId: this.mob.mobId, mobState, loadedModules: [] };
  }

  async spawnMember(spec: SpawnMemberSpec) {
    this.#admit('spawn a member');
    try {
      return await this.mob.spawn(spec);
    } catch (error) {
      const { identity: memberId, profile } = spec;
      this.#deps.onError({ category: 'spawn_failure', memberId, profile, error: errorText(error) });
      throw error;
    }
  }

  async retireMember(identity: string): Promise<void> {
    this.#admit('retire a member');
    await this.mob.retire(identity);
  }

  async sendMessage(identity: string, content: string, options?: SendOptions) {
    this.#admit('send a message');
    checkNotBlank('identity', identity);
    checkNotBlank('content', content);
    return this.mob.send(identity, content, options);
  }

  async queryEvents(query: EventQuery): Promise<EventPage | undefined> {
    return this.#deps.eventLog?.query(query);
  }

  queryMobEvents(query: StructuralQuery) {
    return this.#deps.events.query(query);
  }

  async *tailMobEvents(options: StructuralTailOptions): AsyncGenerator<StructuralEvent, void, undefined> {
    const { live, events } = this.#deps;
    const reader = live.untilClosed(options.signal);
    try {
      yield* events.tail({ ...options, signal: reader.signal });
    } finally {
      reader.release();
    }
  }

  onMobEvent(listener: (event: StructuralEvent) => void): () => void {
    return this.#deps.broadcast.subscribe(listener);
  }

  agentEvents(options: AgentStreamOptions): AgentStream {
    return openAgentStream(this.#deps.live, this.#deps.history, options);
  }

  ingestStats(): IngestStats | undefined {
    return this.#deps.eventSink?.stats();
  }

  whenIdle(signal?: AbortSignal): Promise<void> {
    return this.mob.whenIdle(signal);
  }

  shutdown(): Promise<ShutdownReport> {
    return (this.#shutdown ??= shutDown(this.#deps));
  }

  #admit(what: string): void {
    if (this.#shutdown)
      throw new MobError('MOB_SHUTTING_DOWN', `Cannot ${what}: the runtime is shutting down`);
  }
}

function checkNotBlank(what: string, text: string): void {
  if (text.trim() === '') throw new TypeError(`${what} is blank`);
}
