import { MobError } from '@mobkit/core';
import type {
  AgentEventListener,
  AgentTool,
  MemberSnapshot,
  MobDefinition,
  MobEventsView,
  MobHandle,
  MobShutdownReport,
  MobState,
  SendOptions,
  SendReceipt,
  SpawnMemberSpec,
  ToolContext,
} from '@mobkit/core/mob';

import { commsTools } from '../agent/comms-tools.js';
import { ledgerView } from '../ledger/ledger-view.js';
import { edge } from '../members/auto-wiring.js';
import { inputKey, inputsDefinition, toInputRecord } from '../members/input.js';
import { Member } from '../members/member.js';
import { profileOf } from '../members/profile-of.js';
import type { Session } from '../members/session.js';
import { checkMessage, deliverMessage, type Message } from './deliver-message.js';
import type { MobContext } from './mob-context.js';
import { removeMember } from './remove-member.js';
import { SerialQueue } from './serial-queue.js';
import { shutDown } from './shut-down.js';
import { planSpawn } from './spawn-plan.js';
import { UnansweredSpawns } from './unanswered-spawns.js';

const SHUTDOWN_DEADLINE_MS = 30_000;

/** What `MobEngine.open` returns. */
export class Mob implements MobHandle {
  readonly mobId: string;
  readonly definition: MobDefinition;
  readonly events: MobEventsView;
  readonly #context: MobContext;
  readonly #members = new Map<string, Member>();
  readonly #commands = new SerialQueue();
  readonly #unanswered = new UnansweredSpawns();
  readonly #commsTools: readonly AgentTool[];
  #started = false;
  #stopped = false;
  #shutdown: Promise<MobShutdownReport> | undefined;

  constructor(context: MobContext) {
    const { mobId, definition, ledger } = context;
    this.mobId = mobId;
    this.definition = definition;
    this.events = ledgerView(mobId, ledger.log);
    this.#context = context;
    this.#commsTools = commsTools({
      definition,
      roster: ledger.roster,
      deliver: (from, to, content, tool) => this.#sendFromPeer(from, to, content, tool),
    });
  }
  async status(): Promise<MobState> {
    return this.#state;
  }

  start(): void {
    if (this.#stopped) return;
    this.#started = true;
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
    return this.#command('spawn a member', async () => {
      const { identity } = spec;
      const { ledger, mobId } = this.#context;
      const repeated = this.#unanswered.take(spec) ? this.member(identity) : undefined;
      if (repeated) return repeated;
      const { items, session, firstInput } = planSpawn(this.#context, spec, this.#candidates());
      const generation = ledger.roster.nextGeneration(identity);
      const key = inputKey(mobId, { identity, generation }, 1);
      const first = firstInput && {
        records: inputsDefinition,
        key,
        record: toInputRecord(mobId, identity, firstInput),
      };
      const appended = ledger.append({
        items,
        beside: { puts: [session.put(), ...(first ? [first] : [])] },
        applied: () => {
          const member = this.adopt(identity, session);
          if (firstInput) member.inbox.hold(key, firstInput);
          member.wake();
        },
      });
      await appended.catch((error: unknown) => {
        if (ledger.inDoubt) this.#unanswered.add(spec);
        throw error;
      });
      return this.#expectMember(identity).snapshot();
    });
  }

  retire(identity: string): Promise<void> {
    return this.#command('retire a member', async () => {
      const member = this.#members.get(identity);
      if (!member) return;
      await member.retire();
      await removeMember(this.#context, member, () => {
        this.#members.delete(identity);
        this.#unanswered.forget(identity);
      });
    });
  }

  wire(a: string, b: string): Promise<void> {
    return this.#command('wire members', async () => {
      for (const member of [this.#expectMember(a), this.#expectMember(b)]) member.expectWhole();
      if (a === b) {
        const message = `"${a}" cannot be wired to itself: name two members`;
        throw new MobError('MOB_WIRING_INVALID', message, { details: { a, b } });
      }
      if (this.#expectMember(a).entry.wiredTo.has(b)) return;
      await this.#context.ledger.append({ items: [{ kind: { type: 'members_wired', ...edge(a, b) } }] });
    });
  }

  async send(identity: string, content: string, options: SendOptions = {}): Promise<SendReceipt> {
    this.#expectRunning('send a message');
    const { internal = false, from = 'user', interactionId = this.#context.newId() } = options;
    const message: Message = { kind: 'message', interactionId, from, content };
    checkMessage(message);
    const find = () => {
      this.#expectRunning('send a message');
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
    this.#stopped = true;
    this.#shutdown ??= shutDown({
      context: this.#context,
      members: () => [...this.#members.values()],
      commands: this.#commands,
      deadlineMs,
    });
    return this.#shutdown;
  }

  /** Gives a member of the ledger its place in this process. Not a command: for whoever opens the mob. */
  adopt(identity: string, session: Session | MobError): Member {
    const entry = this.#context.ledger.roster.members.get(identity);
    if (!entry) throw new TypeError(`The ledger knows no member "${identity}"`);
    const mayWork = () => this.#started && !this.#stopped;
    const member = new Member(
      { context: this.#context, commsTools: this.#commsTools, mayWork },
      entry,
      session,
    );
    this.#members.set(identity, member);
    return member;
  }

  /** Another engine runs this mob: stops at once and refuses every command from now on. */
  stepDown(error: MobError): void {
    if (this.#stopped) return;
    this.#stopped = true;
    const why = `Mob "${this.mobId}" is run by another engine; this one has stopped: ${error.message}`;
    this.#context.onError({ category: 'store_failure', error: why });
    for (const member of this.#members.values()) {
      member.inbox.close();
      void member.interrupt(why);
    }
  }

  get #state(): MobState {
    const { state } = this.#context.ledger.roster;
    return this.#stopped && state === 'Running' ? 'Stopped' : state;
  }

  async #command<T>(what: string, work: () => Promise<T>): Promise<T> {
    this.#expectRunning(what);
    return this.#commands.run(async () => {
      this.#expectRunning(what);
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

  #candidates() {
    return [...this.#members.values()].map(({ entry: { identity, role }, status }) => {
      return { identity, role, broken: status === 'broken' };
    });
  }

  /** A member that messages can reach: one that is being retired is gone already. */
  #expectMember(identity: string): Member {
    const member = this.#members.get(identity);
    if (member && member.status !== 'retiring') return member;
    const message = `There is no member "${identity}" in mob "${this.mobId}"`;
    throw new MobError('MOB_MEMBER_NOT_FOUND', message, { details: { identity } });
  }

  #expectAddressable({ entry: { identity, role } }: Member): void {
    if (profileOf(this.definition, role)?.external_addressable === true) return;
    const hint = `set \`external_addressable = true\` under [profiles.${role}]`;
    throw new MobError('MOB_NOT_ADDRESSABLE', `"${identity}" takes no messages from outside: ${hint}`, {
      details: { identity },
    });
  }

  #expectRunning(what: string): void {
    const state = this.#state;
    if (state === 'Running') return;
    const message = `Cannot ${what}: mob "${this.mobId}" is ${state}, not Running`;
    throw new MobError('MOB_INVALID_TRANSITION', message, { details: { mobId: this.mobId, state } });
  }
}
