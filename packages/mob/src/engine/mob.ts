import { MobError, within } from '@mobkit/core';
import type {
  AgentEventEnvelope,
  AgentEventListener,
  AgentEventsOptions,
  AgentTool,
  BroadcastOutcome,
  Content,
  DestroyReport,
  ExternalPeer,
  HelperResult,
  HelperSpec,
  Incarnation,
  MemberDetails,
  MembersReconciled,
  FlowRun,
  FlowRunFilter,
  MemberSnapshot,
  MobComms,
  MobDefinition,
  MobEventsView,
  MobHandle,
  MobShutdownReport,
  MobState,
  PeerReceipt,
  RunFlowOptions,
  SendOptions,
  SendReceipt,
  SpawnMemberSpec,
  SpawnOutcome,
  SpawnPolicy,
  WaitOptions,
  Work,
  WorkReceipt,
} from '@mobkit/core/mob';

import { commsTools } from '../agent/comms/comms-tools.js';
import type { MobChildren } from '../children/mob-children.js';
import { LedgerReaders } from '../ledger/ledger-readers.js';
import { ledgerView } from '../ledger/ledger-view.js';
import { Member } from '../members/member.js';
import type { Session } from '../members/session.js';
import { Flows } from '../flows/flows.js';
import { Comms } from './comms/comms.js';
import type { CommandName } from './command-table.js';
import { Lifecycle } from './lifecycle.js';
import type { MobContext } from './mob-context.js';
import { MobStates } from './mob-states.js';
import type { Crew } from './roster/crew.js';
import { MemberRoster } from './roster/member-roster.js';
import { SerialQueue } from './serial-queue.js';
import { shutDown } from './shut-down.js';
import type { StoppedRecord } from './stopped-record.js';

const SHUTDOWN_DEADLINE_MS = 30_000;

/** For readers of this process to read the last of a ledger before it is pruned. */
const LAST_READ_MS = 1_000;

export interface MobParts {
  readonly stopped: StoppedRecord;
  /** Called when the mob was shut down or destroyed. Must not reject. */
  readonly release: () => Promise<void>;
  readonly children: MobChildren;
}

/** What `MobEngine.open` returns. */
export class Mob implements MobHandle {
  readonly mobId: string;
  readonly definition: MobDefinition;
  readonly events: MobEventsView;
  readonly #context: MobContext;
  readonly #members = new Map<string, Member>();
  readonly #commands = new SerialQueue();
  readonly #roster: MemberRoster;
  readonly #comms: Comms;
  readonly #flows: Flows;
  readonly #commsTools: readonly AgentTool[];
  readonly #mayWork = () => this.#states.mayWork;
  readonly #states: MobStates;
  readonly #lifecycle: Lifecycle;
  readonly #release: () => Promise<void>;
  readonly #children: MobChildren;
  readonly #mobTools: readonly AgentTool[];
  #shutdown: Promise<MobShutdownReport> | undefined;

  constructor(context: MobContext, { stopped, release, children }: MobParts) {
    const { mobId, definition, ledger, clock, feed } = context;
    this.mobId = mobId;
    this.definition = definition;
    const readers = new LedgerReaders(ledger.log);
    this.events = ledgerView(mobId, ledger.log, readers);
    this.#context = context;
    this.#release = release;
    this.#children = children;
    this.#states = new MobStates(mobId, ledger.roster, stopped.stopped);
    if (stopped.stopped) context.activity.pause();
    const crew: Crew = {
      context,
      states: this.#states,
      members: this.#members,
      commands: this.#commands,
      command: (name, work) => this.#command(name, work),
      settle: () => this.#lifecycle.settle(),
      adopt: (identity, session, tools) => this.adopt(identity, session, tools),
      expectMember: (identity) => this.#expectMember(identity),
    };
    const roster = new MemberRoster(crew);
    this.#roster = roster;
    this.#comms = new Comms(crew, (identity) => roster.spawnByPolicy(identity));
    this.#flows = new Flows({
      crew,
      spawnForFlow: (specs) => roster.spawnForFlow(specs),
      retireAll: () => roster.retireAll(),
    });
    this.#lifecycle = new Lifecycle({
      crew,
      record: stopped,
      runs: this.#flows,
      destroyChildren: () => children.destroy(),
      retireEverybody: () => roster.retireEverybody(),
      ledgerRead: () => within(clock, LAST_READ_MS, readers.passed(ledger.lastSeq)),
      onDestroyed: () => {
        feed.end();
        children.leave();
        void release();
      },
    });
    this.#mobTools = children.tools(
      () => this,
      (identity) => this.#expectMember(identity).profile?.model ?? '',
    );
    this.#commsTools = commsTools({
      mobId,
      roster: ledger.roster,
      profileOf: (identity) => this.#members.get(identity)?.profile,
      send: (from, to, message, options) => this.#comms.peers.send(from, to, message, options),
      reading: (identity) => this.#members.get(identity)?.reading ?? [],
    });
  }
  async status(): Promise<MobState> {
    return this.#states.state;
  }

  start(): void {
    if (this.#states.closed) return;
    this.#states.start();
    for (const member of this.#members.values()) member.wake();
    this.#context.changes.tell();
  }

  members(): readonly MemberSnapshot[] {
    const sorted = [...this.#members.keys()].toSorted();
    return sorted.flatMap((identity) => this.member(identity) ?? []);
  }

  member(identity: string): MemberSnapshot | undefined {
    return this.#members.get(identity)?.snapshot();
  }

  spawn(spec: SpawnMemberSpec): Promise<MemberSnapshot> {
    return this.#roster.spawn(spec);
  }

  spawnMany(specs: readonly SpawnMemberSpec[]): Promise<readonly SpawnOutcome[]> {
    return this.#roster.spawnMany(specs);
  }

  ensure(spec: SpawnMemberSpec): Promise<MemberSnapshot> {
    return this.#roster.ensure(spec);
  }

  reconcileMembers(
    desired: readonly SpawnMemberSpec[],
    options: { readonly retireStale?: boolean } = {},
  ): Promise<MembersReconciled> {
    return this.#roster.reconcileMembers(desired, options);
  }

  retire(identity: string): Promise<void> {
    return this.#roster.retire(identity);
  }

  retireAll(): Promise<void> {
    return this.#roster.retireAll();
  }

  respawn(identity: string, options: { readonly initialMessage?: string } = {}): Promise<MemberSnapshot> {
    return this.#roster.respawn(identity, options);
  }

  resetMember(identity: string): Promise<MemberSnapshot> {
    return this.#roster.resetMember(identity);
  }

  cancelTurn(identity: string): Promise<void> {
    return this.#roster.cancelTurn(identity);
  }

  memberDetails(identity: string): Promise<MemberDetails | undefined> {
    return this.#roster.memberDetails(identity);
  }

  waitForKickoff(options: WaitOptions = {}): Promise<void> {
    return this.#roster.waitForKickoff(options);
  }

  waitForReady(options: WaitOptions = {}): Promise<void> {
    return this.#roster.waitForReady(options);
  }

  runHelper(spec: HelperSpec): Promise<HelperResult> {
    return this.#roster.runHelper(spec);
  }

  setSpawnPolicy(policy: SpawnPolicy): void {
    this.#roster.setSpawnPolicy(policy);
  }

  wire(a: string, b: string): Promise<void> {
    return this.#comms.wire(a, b);
  }

  wireMany(edges: Parameters<MobComms['wireMany']>[0]): Promise<void> {
    return this.#comms.wireMany(edges);
  }

  unwire(a: string, b: string): Promise<void> {
    return this.#comms.unwire(a, b);
  }

  wireExternal(identity: string, peer: ExternalPeer): Promise<void> {
    return this.#comms.wireExternal(identity, peer);
  }

  unwireExternal(identity: string, peerName: string): Promise<void> {
    return this.#comms.unwireExternal(identity, peerName);
  }

  send(identity: string, content: Content, options?: SendOptions): Promise<SendReceipt> {
    return this.#comms.door.send(identity, content, options);
  }

  sendAsMember(...args: Parameters<MobComms['sendAsMember']>): Promise<PeerReceipt> {
    return this.#comms.sendAsMember(...args);
  }

  deliverFromPeer(...args: Parameters<MobComms['deliverFromPeer']>): Promise<PeerReceipt> {
    return this.#comms.deliverFromPeer(...args);
  }

  broadcast(...args: Parameters<MobComms['broadcast']>): Promise<readonly BroadcastOutcome[]> {
    return this.#comms.broadcast(...args);
  }

  submitWork(target: Incarnation, fenceToken: number, work: Work): Promise<WorkReceipt> {
    return this.#comms.submitWork(target, fenceToken, work);
  }

  cancelAllWork(target: Incarnation, fenceToken: number): Promise<void> {
    return this.#comms.cancelAllWork(target, fenceToken);
  }

  runFlow(flowId: string, params?: unknown, options?: RunFlowOptions): Promise<string> {
    return this.#flows.runFlow(flowId, params, options);
  }

  cancelFlow(runId: string): Promise<void> {
    return this.#flows.cancelFlow(runId);
  }

  flowRun(runId: string): Promise<FlowRun | undefined> {
    return this.#flows.flowRun(runId);
  }

  flowRuns(filter?: FlowRunFilter): Promise<readonly FlowRun[]> {
    return this.#flows.flowRuns(filter);
  }

  flowEnd(runId: string, signal?: AbortSignal): Promise<FlowRun> {
    return this.#flows.flowEnd(runId, signal);
  }

  onAgentEvent(listener: AgentEventListener): () => void {
    return this.#context.feed.subscribe(listener);
  }

  agentEvents(options: AgentEventsOptions = {}): AsyncIterable<AgentEventEnvelope> {
    const { identity } = options;
    if (identity !== undefined) this.#expectMember(identity);
    return this.#context.feed.read(options);
  }

  stop(): Promise<void> {
    return this.#lifecycle.stop();
  }

  resume(): Promise<void> {
    return this.#lifecycle.resume();
  }

  complete(): Promise<void> {
    return this.#lifecycle.complete();
  }

  reset(): Promise<void> {
    return this.#lifecycle.reset();
  }

  destroy(): Promise<DestroyReport> {
    return this.#lifecycle.destroy();
  }

  whenIdle(signal?: AbortSignal): Promise<void> {
    return this.#context.activity.whenIdle(signal);
  }

  shutdown(options: { readonly deadlineMs?: number } = {}): Promise<MobShutdownReport> {
    const { deadlineMs = SHUTDOWN_DEADLINE_MS } = options;
    this.#states.close('was shut down');
    this.#context.changes.tell();
    return (this.#shutdown ??= this.#shutDown(deadlineMs));
  }

  /** Gives a member of the ledger its place in this process. Not a command: for whoever opens the mob. */
  adopt(identity: string, session: Session | MobError, tools: readonly AgentTool[] = []): Member {
    const entry = this.#context.ledger.roster.members.get(identity);
    if (!entry) throw new TypeError(`The ledger knows no member "${identity}"`);
    const member = new Member(
      {
        context: this.#context,
        commsTools: this.#commsTools,
        mobTools: this.#mobTools,
        tools,
        mayWork: this.#mayWork,
      },
      entry,
      session,
    );
    this.#members.set(identity, member);
    return member;
  }

  /** That incarnation in this process, for parts of the engine; undefined when there is none. */
  find(identity: string): Member | undefined {
    return this.#members.get(identity);
  }

  /** Another engine runs this mob: stops at once, its children too, and refuses every command from now on. */
  stepDown(error: MobError): void {
    this.#states.close('is run by another engine');
    this.#context.changes.tell();
    const why = `Mob "${this.mobId}" is run by another engine; this one has stopped: ${error.message}`;
    this.#flows.close(why);
    this.#flows.giveUp();
    for (const member of this.#members.values()) {
      member.inbox.close();
      void member.interrupt(why);
    }
    void this.#children.shutDown(0);
  }

  async #shutDown(deadlineMs: number): Promise<MobShutdownReport> {
    const [report, errors] = await Promise.all([
      shutDown({
        context: this.#context,
        members: () => [...this.#members.values()],
        commands: this.#commands,
        flows: this.#flows,
        deadlineMs,
      }),
      this.#children.shutDown(deadlineMs),
    ]);
    this.#context.feed.end();
    await this.#release();
    return { ...report, errors: [...report.errors, ...errors] };
  }

  async #command<T>(command: CommandName, work: () => Promise<T>): Promise<T> {
    this.#states.expect(command);
    return this.#commands.run(async () => {
      this.#states.expect(command);
      await this.#lifecycle.settle();
      // What was in doubt may have been the end of this state.
      this.#states.expect(command);
      return work();
    });
  }

  /** A member that messages can reach: one that is being retired is gone already. */
  #expectMember(identity: string): Member {
    const member = this.#members.get(identity);
    if (member && member.status !== 'retiring') return member;
    const message = `There is no member "${identity}" in mob "${this.mobId}"`;
    throw new MobError('MOB_MEMBER_NOT_FOUND', message, { details: { identity } });
  }
}
