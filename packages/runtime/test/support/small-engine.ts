import { type Clock, MobError, type Storage } from '@mobkit/core';
import {
  type AgentEventListener,
  type AgentEventPayload,
  type ChildMobs,
  type Content,
  type MemberSnapshot,
  type MobDefinition,
  type MobEngine,
  type MobHandle,
  type MobState,
  type OpenedMob,
  type OpenMobOptions,
  type SendOptions,
  type SpawnMemberSpec,
  textOf,
} from '@mobkit/core/mob';

import { ledgerOver, type TestLedger } from './ledger-over.js';

/**
 * A mob that really runs, without a model: a member answers a message with `run_started`, its words as `text_delta` and
 * `run_completed`; `fail` makes it fail, and `hang` makes it work until it is interrupted.
 */
export class SmallMob implements Pick<
  MobHandle,
  | 'mobId'
  | 'definition'
  | 'events'
  | 'status'
  | 'start'
  | 'members'
  | 'member'
  | 'spawn'
  | 'retire'
  | 'wire'
  | 'send'
  | 'onAgentEvent'
  | 'whenIdle'
  | 'shutdown'
> {
  readonly definition: MobDefinition;
  readonly events: TestLedger;
  readonly calls: string[] = [];
  /** What `shutdown` reports as errors. */
  stopErrors: readonly string[] = [];
  /** Set to keep `shutdown` from ever coming back. */
  stuck = false;
  /** Tells that another engine has it. */
  readonly lose: (error: MobError) => void;
  readonly #clock: Clock;
  readonly #emit: AgentEventListener;
  readonly #members = new Map<string, MemberSnapshot>();
  readonly #hanging = new Map<string, string>();
  #waiting: (() => void)[] | undefined = [];
  #events = 0;
  #state: MobState = 'Running';

  constructor(options: OpenMobOptions, events: TestLedger, clock: Clock) {
    this.definition = options.definition;
    this.events = events;
    this.#clock = clock;
    this.lose = options.onLost ?? (() => {});
    this.#emit = options.onAgentEvent ?? (() => {});
  }

  get mobId(): string {
    return this.definition.id;
  }

  status = async () => this.#state;
  members = () => [...this.#members.values()];
  member = (identity: string) => this.#members.get(identity);
  wire = (a: string, b: string) => this.events.append({ type: 'members_wired', a, b });
  onAgentEvent = () => () => {};

  start(): void {
    this.calls.push('start');
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const work of waiting) work();
  }

  async spawn({ identity, profile, labels = {} }: SpawnMemberSpec): Promise<MemberSnapshot> {
    if (!Object.hasOwn(this.definition.profiles, profile)) {
      throw new MobError('MOB_PROFILE_NOT_FOUND', `There is no profile "${profile}"`);
    }
    const incarnation = { identity, generation: 0 };
    const member = {
      ...incarnation,
      fenceToken: 1,
      role: profile,
      runtimeMode: 'autonomous_host',
      status: 'active',
      wiredTo: [],
      labels,
      sessionId: `session-${identity}`,
    } as const;
    await this.events.append({
      type: 'member_spawned',
      agent_identity: identity,
      generation: 0,
      fence_token: 1,
      agent_runtime_id: incarnation,
      role: profile,
      runtime_mode: 'autonomous_host',
    });
    this.#members.set(identity, member);
    return member;
  }

  async retire(identity: string): Promise<void> {
    if (!this.#members.delete(identity)) return;
    await this.events.append({
      type: 'member_retired',
      agent_identity: identity,
      generation: 0,
      role: 'worker',
    });
  }

  async send(identity: string, content: Content, { interactionId = 'interaction-1' }: SendOptions = {}) {
    const sessionId = `session-${identity}`;
    const work = () => this.#work(identity, textOf(content), interactionId);
    if (this.#waiting) this.#waiting.push(work);
    else work();
    return { identity, sessionId, interactionId, handlingMode: 'queue' as const };
  }

  whenIdle = async () => {};

  async shutdown({ deadlineMs = 0 } = {}) {
    this.calls.push(`shutdown ${deadlineMs}`);
    if (this.stuck) await new Promise(() => {});
    if (this.#hanging.size > 0) await new Promise<void>((resolve) => this.#clock.after(deadlineMs, resolve));
    const interrupted = [...this.#hanging.keys()];
    for (const identity of interrupted) this.act(identity, failed('cancelled'), this.#hanging.get(identity));
    this.#state = 'Stopped';
    return { interrupted, errors: this.stopErrors };
  }

  /** Lets a member do one thing. */
  act(identity: string, payload: AgentEventPayload, interactionId?: string): void {
    this.#emit({
      eventId: `${process.pid}-${(this.#events += 1)}-${Math.random()}`,
      seq: this.#events,
      mobId: this.mobId,
      source: { identity, generation: 0 },
      fenceToken: 1,
      role: 'worker',
      sessionId: `session-${identity}`,
      timestampMs: this.#clock.now(),
      ...(interactionId !== undefined && { interactionId }),
      payload,
    });
  }

  #work(identity: string, content: string, interactionId: string): void {
    const say = (payload: AgentEventPayload) => this.act(identity, payload, interactionId);
    say({ type: 'run_started', session_id: `session-${identity}`, prompt: content });
    if (content === 'hang') return void this.#hanging.set(identity, interactionId);
    if (content === 'fail') return say(failed('llm'));
    for (const delta of content.split(' ')) say({ type: 'text_delta', delta });
    const usage = { input_tokens: 1, output_tokens: 1 };
    say({ type: 'run_completed', session_id: `session-${identity}`, result: content, usage });
  }
}

function failed(error_class: 'cancelled' | 'llm'): AgentEventPayload {
  return { type: 'run_failed', session_id: 'session', error_class, error: 'no' };
}

/** Opens `SmallMob`s over a storage, and keeps those it opened. */
export class SmallEngine implements MobEngine {
  readonly childMobs = new SmallChildren();
  readonly opened: SmallMob[] = [];
  /** Called with a mob before it is handed out. */
  prepare: (mob: SmallMob) => void = () => {};
  readonly #storage: Storage;
  readonly #clock: Clock;
  #opened: OpenMobOptions | undefined;

  constructor(storage: Storage, clock: Clock) {
    this.#storage = storage;
    this.#clock = clock;
  }

  /** Makes a mob as an agent of the one opened last would, and lets it work. */
  async makeChild(mobId: string): Promise<SmallMob> {
    const ledger = await ledgerOver(this.#storage, mobId, () => this.#clock.now());
    const definition = { id: mobId, profiles: { worker: { model: 'scripted' } } };
    if ((await ledger.latestCursor()) === 0) await ledger.append({ type: 'mob_created', definition });
    const { onAgentEvent } = this.#opened ?? {};
    const child = new SmallMob({ definition, ...(onAgentEvent && { onAgentEvent }) }, ledger, this.#clock);
    this.childMobs.set(mobId, child);
    child.start();
    return child;
  }

  async open(options: OpenMobOptions): Promise<OpenedMob> {
    this.#opened = options;
    const ledger = await ledgerOver(this.#storage, options.definition.id, () => this.#clock.now());
    const resumed = (await ledger.latestCursor()) > 0;
    if (!resumed) await ledger.append({ type: 'mob_created', definition: options.definition });
    const mob = new SmallMob(options, ledger, this.#clock);
    this.opened.push(mob);
    this.prepare(mob);
    // What the runtime calls of it is there.
    const nothing = { destroyFinished: false, orphanSessions: [], lostTurns: [], broken: [], warnings: [] };
    return { mob: mob as unknown as MobHandle, report: { resumed, ...nothing } };
  }
}

/** Mobs that agents are said to have made. */
class SmallChildren implements ChildMobs {
  readonly #mobs = new Map<string, MobHandle>();
  readonly #listeners = new Set<() => void>();

  handles = () => new Map(this.#mobs);

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  set(mobId: string, mob: SmallMob | undefined): void {
    if (mob) this.#mobs.set(mobId, mob as unknown as MobHandle);
    else this.#mobs.delete(mobId);
    for (const listener of this.#listeners) listener();
  }
}
