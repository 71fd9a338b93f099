import { MobError } from '@mobkit/core';
import type {
  AgentEventListener,
  AgentTool,
  MembersReconciled,
  MemberSnapshot,
  MobDefinition,
  MobEventsView,
  MobHandle,
  MobShutdownReport,
  MobState,
  SendOptions,
  SendReceipt,
  SpawnMemberSpec,
  SpawnOutcome,
  ToolContext,
} from '@mobkit/core/mob';

import { commsTools } from '../agent/comms-tools.js';
import { ledgerView } from '../ledger/ledger-view.js';
import { Member } from '../members/member.js';
import type { Session } from '../members/session.js';
import { Comms } from './comms/comms.js';
import { checkMessage, deliverMessage, type Message } from './deliver-message.js';
import type { CommandName } from './command-table.js';
import type { MobContext } from './mob-context.js';
import { MobStates } from './mob-states.js';
import type { Crew } from './roster/crew.js';
import { MemberRoster } from './roster/member-roster.js';
import { SerialQueue } from './serial-queue.js';
import { shutDown } from './shut-down.js';

const SHUTDOWN_DEADLINE_MS = 30_000;

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
  readonly #commsTools: readonly AgentTool[];
  readonly #mayWork = () => this.#states.mayWork;
  readonly #states: MobStates;
  #shutdown: Promise<MobShutdownReport> | undefined;

  constructor(context: MobContext) {
    const { mobId, definition, ledger } = context;
    this.mobId = mobId;
    this.definition = definition;
    this.events = ledgerView(mobId, ledger.log);
    this.#context = context;
    this.#states = new MobStates(mobId, ledger.roster);
    const crew: Crew = {
      context,
      states: this.#states,
      members: this.#members,
      commands: this.#commands,
      command: (name, work) => this.#command(name, work),
      adopt: (identity, session, tools) => this.adopt(identity, session, tools),
      expectMember: (identity) => this.#expectMember(identity),
    };
    this.#roster = new MemberRoster(crew);
    this.#comms = new Comms(crew);
    this.#commsTools = commsTools({
      definition,
      roster: ledger.roster,
      deliver: (from, to, content, tool) => this.#sendFromPeer(from, to, content, tool),
    });
  }
  async status(): Promise<MobState> {
    return this.#states.state;
  }

  start(): void {
    if (this.#states.closed) return;
    this.#states.start();
    for (const member of this.#members.values()) member.wake();
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

  wire(a: string, b: string): Promise<void> {
    return this.#comms.wiring.wire(a, b);
  }

  wireMany(edges: readonly { readonly a: string; readonly b: string }[]): Promise<void> {
    return this.#comms.wiring.wireMany(edges);
  }

  unwire(a: string, b: string): Promise<void> {
    return this.#comms.wiring.unwire(a, b);
  }

  async send(identity: string, content: string, options: SendOptions = {}): Promise<SendReceipt> {
    this.#states.expect('send');
    const { internal = false, from = 'user', interactionId = this.#context.newId() } = options;
    const message: Message = { kind: 'message', interactionId, from, content };
    checkMessage(message);
    const find = () => {
      this.#states.expect('send');
      const member = this.#expectMember(identity);
      if (!internal) this.#expectAddressable(member);
      return member;
    };
    return deliverMessage(this.#context, find, message);
  }

  onAgentEvent(listener: AgentEventListener): () => void {
    return this.#context.feed.subscribe(listener);
  }

  whenIdle(signal?: AbortSignal): Promise<void> {
    return this.#context.activity.whenIdle(signal);
  }

  shutdown(options: { readonly deadlineMs?: number } = {}): Promise<MobShutdownReport> {
    const { deadlineMs = SHUTDOWN_DEADLINE_MS } = options;
    this.#states.close('was shut down');
    this.#shutdown ??= shutDown({
      context: this.#context,
      members: () => [...this.#members.values()],
      commands: this.#commands,
      deadlineMs,
    });
    return this.#shutdown;
  }

  /** Gives a member of the ledger its place in this process. Not a command: for whoever opens the mob. */
  adopt(identity: string, session: Session | MobError, tools: readonly AgentTool[] = []): Member {
    const entry = this.#context.ledger.roster.members.get(identity);
    if (!entry) throw new TypeError(`The ledger knows no member "${identity}"`);
    const member = new Member(
      { context: this.#context, commsTools: this.#commsTools, tools, mayWork: this.#mayWork },
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

  /** Another engine runs this mob: stops at once and refuses every command from now on. */
  stepDown(error: MobError): void {
    if (this.#states.closed) return;
    this.#states.close('is run by another engine');
    const why = `Mob "${this.mobId}" is run by another engine; this one has stopped: ${error.message}`;
    this.#context.onError({ category: 'store_failure', error: why });
    for (const member of this.#members.values()) {
      member.inbox.close();
      void member.interrupt(why);
    }
  }

  async #command<T>(command: CommandName, work: () => Promise<T>): Promise<T> {
    this.#states.expect(command);
    return this.#commands.run(async () => {
      this.#states.expect(command);
      await this.#context.ledger.settle();
      return work();
    });
  }

  #sendFromPeer(
    from: string,
    to: string,
    content: string,
    { interactionId }: ToolContext,
  ): Promise<SendReceipt> {
    return deliverMessage(this.#context, () => this.#expectMember(to), {
      kind: 'peer',
      interactionId: interactionId ?? this.#context.newId(),
      from,
      content,
    });
  }

  /** A member that messages can reach: one that is being retired is gone already. */
  #expectMember(identity: string): Member {
    const member = this.#members.get(identity);
    if (member && member.status !== 'retiring') return member;
    const message = `There is no member "${identity}" in mob "${this.mobId}"`;
    throw new MobError('MOB_MEMBER_NOT_FOUND', message, { details: { identity } });
  }

  #expectAddressable({ entry: { identity, role }, profile }: Member): void {
    if (profile?.external_addressable === true) return;
    const hint = `set \`external_addressable = true\` under [profiles.${role}]`;
    throw new MobError('MOB_NOT_ADDRESSABLE', `"${identity}" takes no messages from outside: ${hint}`, {
      details: { identity },
    });
  }
}
