import { errorText, isMobError } from '@mobkit/core';
import type { AgentEventPayload, AgentTool, Content, Incarnation, Profile } from '@mobkit/core/mob';

import { Budget } from '../agent/budget.js';
import { compactedView, Compactor } from '../agent/compaction.js';
import { extractOutput } from '../agent/extract-output.js';
import { HookRunner } from '../agent/hook-runner.js';
import { Model } from '../agent/model.js';
import { runAgent, type RunEnd, type RunResult } from '../agent/run-agent.js';
import { systemPrompt } from '../agent/system-prompt.js';
import type { MobContext } from '../engine/mob-context.js';
import type { RosterMember } from '../ledger/roster.js';
import { allowedSources } from './allowed-sources.js';
import { effectiveProfile } from './effective-profile.js';
import { GatedTurns } from './gated-turns.js';
import { endInteractions } from './end-interactions.js';
import type { HeldInput, Inbox } from './inbox.js';
import { type Input, renderInput } from './input.js';
import { peerNotice } from './peer-notice.js';
import { type BegunRun, RunLog } from './run-log.js';
import type { ToolOverlay, TurnEnd } from './requested-turn.js';
import type { Session } from './session.js';

export interface WorkerDeps {
  readonly context: MobContext;
  readonly entry: RosterMember;
  readonly session: Session;
  readonly inbox: Inbox;
  readonly commsTools: readonly AgentTool[];
  readonly mobTools: readonly AgentTool[];
  /** Of this member alone. */
  readonly ownTools: readonly AgentTool[];
  /** Whether the mob lets its members work. */
  readonly mayWork: () => boolean;
  /** Told how the run of each message ended, after everybody else. */
  readonly onEnded: (inputId: string, end: TurnEnd) => void;
  /** Told when nothing can be kept for the member any more. */
  readonly onBroken: (error: string) => void;
}

/** Why pauses end. Given, because the error that stands for no reason is dear to make, and nobody reads it. */
const STOPS = 'The member stops';

/** Works on the messages of one member: one run each, one at a time, in their order. */
export class Worker {
  readonly #deps: WorkerDeps;
  readonly #runLog: RunLog;
  readonly #compactor: Compactor;
  readonly #gated: GatedTurns;
  #loop: Promise<void> | undefined;
  /** What its loop is at: begun, or about to be. */
  #current: HeldInput | undefined;
  /** What came to its run on the way. */
  #steered: readonly Input[] = [];
  #run: AbortController | undefined;
  /** Why the runs of some messages are to end, by input id. */
  readonly #cancelled = new Map<string, Error>();
  /** Whether the run under way is to end at its next boundary. */
  #endsSoon = false;
  #interrupted = false;
  /** The tools of sources at the run before. */
  #sourcedNames: string | undefined;
  /** Ends the pauses before a run. */
  #draining = new AbortController();
  /** Ends the pauses before the end of a run is kept. */
  #stopping = new AbortController();
  #stopReason: Error | undefined;

  constructor(deps: WorkerDeps) {
    this.#deps = deps;
    this.#runLog = new RunLog(deps.context, deps.entry.identity, deps.session);
    this.#compactor = new Compactor(deps.session.record.compaction);
    this.#gated = new GatedTurns(deps.context, this.#runLog);
  }

  /** Whether a run of it is under way. */
  get running(): boolean {
    return this.#run !== undefined;
  }

  /** Whether `stop` ended a run that had begun. */
  get interrupted(): boolean {
    return this.#interrupted;
  }

  /** What its run is about; nothing while none is under way. */
  get reading(): readonly Input[] {
    return this.#current ? [this.#current.input, ...this.#steered] : [];
  }

  /** Call when there may be something to do. */
  wake(): void {
    if (!this.#loop && this.#next()) this.#loop = this.#work();
  }

  /** Begins no other run. Resolves when the one under way has ended, or is put aside as it waits for somebody. */
  async drain(): Promise<void> {
    this.#gated.leave();
    this.#draining.abort(STOPS);
    await this.#loop;
  }

  /** The same, and ends the one under way now. */
  stop(reason: string): Promise<void> {
    this.#stopReason ??= new Error(reason);
    if (!this.#gated.waiting) this.#interrupt();
    this.#stopping.abort(STOPS);
    return this.drain();
  }

  /** Ends the run of a message now if that is what it is at, else answers false. */
  cancel(inputId: string, reason: string): boolean {
    if (this.#current?.input.id !== inputId) return false;
    this.#cancelled.set(inputId, new Error(reason));
    this.#interrupt();
    return true;
  }

  /** Ends the run under way at its next boundary; does nothing when there is none. */
  cancelAtBoundary(): void {
    if (this.#gated.waiting) this.#run?.abort(new Error('The turn was cancelled'));
    this.#endsSoon = this.#run !== undefined;
  }

  /** Undoes `stop`: works again on what waits. */
  resume(): void {
    this.#stopReason = undefined;
    this.#interrupted = false;
    this.#gated.stay();
    this.#draining = new AbortController();
    this.#stopping = new AbortController();
    this.wake();
  }

  #next(): HeldInput | undefined {
    return this.#draining.signal.aborted || !this.#deps.mayWork() ? undefined : this.#deps.inbox.first();
  }

  async #work(): Promise<void> {
    try {
      for (let held = this.#next(); held; held = this.#next()) await this.#workOn(held);
    } catch (error) {
      this.#fail(error);
    }
    // In one step with the last look, or a message that comes in between would wait for the next one.
    this.#loop = undefined;
  }

  async #workOn(held: HeldInput): Promise<void> {
    this.#current = held;
    this.#steered = [];
    held.beginning = true;
    try {
      const run = await this.#runLog.begin(held, this.#draining.signal);
      if (!run) return;
      // Only now: what the storage has not taken as begun waits for the next process, and is no run to interrupt.
      this.#run = new AbortController();
      this.#endsSoon = false;
      // Told to stop while it began: it counts as begun, so it ends like any other run.
      this.#interrupt();
      await this.#carryOut(run, this.#run.signal);
      this.#cancelled.delete(held.input.id);
    } finally {
      held.beginning = false;
      this.#current = this.#run = undefined;
    }
  }

  #interrupt(): void {
    if (!this.#run || !this.#current) return;
    if (this.#stopReason) this.#interrupted = true;
    const reason = this.#stopReason ?? this.#cancelled.get(this.#current.input.id);
    if (reason) this.#run.abort(reason);
  }

  async #carryOut(run: BegunRun, signal: AbortSignal): Promise<void> {
    const { inbox, context, entry } = this.#deps;
    const { held } = run;
    inbox.remove(held);
    try {
      const model = this.#model(held, signal);
      const result = await this.#runAgent(run, model, signal);
      if (!result) {
        inbox.putBack(held.key, { ...held.input, ...(run.parked && { parked: run.parked }) }, run.version);
        return;
      }
      const end = await this.#end(run, result);
      context.feed.emit(entry, held.input.interactionId, end);
      const drawn = await this.#extract(held, model, end);
      endInteractions(context.feed, entry, this.reading, drawn);
      this.#deps.onEnded(held.input.id, drawn);
    } finally {
      held.release();
    }
  }

  #model({ input: { interactionId } }: HeldInput, signal: AbortSignal): Model {
    const { context, entry } = this.#deps;
    const { mobId, clock, feed, providers } = context;
    const { identity, role } = entry;
    const { model: name = '', provider_params: providerParams } = this.#profile() ?? {};
    return new Model({
      name,
      client: () => providers.findLast((provider) => provider.supports(name))?.client,
      ...(providerParams && { providerParams }),
      agent: { mobId, identity, role },
      signal,
      clock,
      emit: (payload) => feed.emit(entry, interactionId, payload),
    });
  }

  #runAgent(run: BegunRun, model: Model, signal: AbortSignal): Promise<RunResult | undefined> {
    const { context, entry, session } = this.#deps;
    const { mobId, clock, feed, hooks } = context;
    const { identity } = entry;
    const { input } = run.held;
    const { interactionId, parked } = input;
    const { tool_access: access = { type: 'inherit' }, budget = {} } = session.record;
    const kept = () => (session.record.open_run?.id === input.id ? session.record.open_run.messages : 0);
    const before = session.messages.length - kept();
    const notice = parked ? undefined : this.#notice();
    if (parked) session.tell(parked.peersTold);
    const gated = { run, identity, sessionId: session.id, tiers: this.#profile()?.tools?.gated, signal };
    const peersTold = parked?.peersTold ?? context.ledger.lastSeq;
    const emit = (payload: AgentEventPayload) => feed.emit(entry, interactionId, payload);
    const toolContext = { mobId, identity, sessionId: session.id, interactionId, signal };
    const sourced = this.#sourcedTools();
    const tools = this.#allTools(sourced);
    return runAgent({
      model,
      systemPrompt: this.#systemPrompt(),
      skills: this.#skills(),
      history: kept() === 0 ? session.messages : session.messages.slice(0, before),
      notice,
      prompt: renderInput(input),
      tools: this.#tools(tools, input.tools),
      changedTools: this.#haveChanged(sourced) ? tools.map(({ name }) => name) : undefined,
      access,
      gate: gated.tiers && this.#gated.gateOf({ ...gated, tiers: gated.tiers, kept, peersTold }),
      resumed: parked && {
        messages: [...session.messages.slice(before), ...parked.messages],
        turn: parked.turn,
      },
      budget: new Budget(budget, kept() > 0 ? session.record.open_run!.before : session.used, emit),
      compactor: this.#compactor,
      hooks:
        hooks.length === 0
          ? undefined
          : new HookRunner({ hooks, source: toSource(entry), context: toolContext, clock, emit }),
      extracts: this.#schemaOf(input) !== undefined,
      context: toolContext,
      clock,
      emit,
      takeSteers: () => this.#takeSteers(run),
      isCancelled: () => this.#endsSoon,
      keepStep: async (soFar) => {
        if (await this.#runLog.step(run, soFar, signal)) return;
        signal.throwIfAborted();
      },
    });
  }

  /** Who joined and left since the last run that is kept. */
  #notice(): string | undefined {
    const { context, entry, session } = this.#deps;
    const { roster, lastSeq } = context.ledger;
    const { peers_told: told } = session.record;
    roster.peerNews.told(entry.identity, told ?? lastSeq);
    session.tell(lastSeq);
    const changes = roster.peerNews.since(entry.identity, told ?? lastSeq);
    return peerNotice(changes, entry, roster, this.#profile()?.max_inline_peer_notifications);
  }

  /** Draws the answer of a run into its schema, if it has one. */
  async #extract({ input }: HeldInput, model: Model, end: RunEnd): Promise<TurnEnd> {
    const { context, entry, session } = this.#deps;
    const schema = this.#schemaOf(input);
    if (!schema || end.type !== 'run_completed') return end;
    const system = { role: 'system', content: this.#systemPrompt() } as const;
    const { end: extraction, usage } = await extractOutput({
      sessionId: session.id,
      schema,
      said: [system, ...compactedView(session.messages, session.record.compaction)],
      ask: (messages) =>
        model.ask({ messages, tools: [], temperature: 0, outputSchema: schema }, { quiet: true }),
    });
    session.count(usage);
    context.feed.emit(entry, input.interactionId, extraction);
    return extraction.type === 'extraction_succeeded'
      ? { ...end, structured_output: extraction.structured_output }
      : { ...end, extractionError: extraction.reason };
  }

  #schemaOf(input: Input): Readonly<Record<string, unknown>> | undefined {
    return input.outputSchema ?? this.#profile()?.output_schema;
  }

  #systemPrompt(): string {
    const { context, entry, session } = this.#deps;
    return systemPrompt(context.definition, entry, this.#profile(), session.record.additional_instructions);
  }

  #skills() {
    const names = this.#profile()?.skills ?? [];
    const { skills = {} } = this.#deps.context.definition;
    const bytes = names.reduce((sum, name) => {
      const skill = skills[name];
      return sum + (skill?.source === 'inline' ? Buffer.byteLength(skill.content.trim()) : 0);
    }, 0);
    return { names, bytes };
  }

  #takeSteers(run: BegunRun): readonly Content[] {
    const steers = this.#deps.inbox.takeSteers();
    if (steers.length === 0) return [];
    run.steered.push(...steers);
    const inputs = steers.map(({ input }) => input);
    this.#steered = [...this.#steered, ...inputs];
    return inputs.map(renderInput);
  }

  /** Keeps the end of a run, and answers what to tell. @throws when nothing could be kept: the next process tells then. */
  async #end(run: BegunRun, result: RunResult): Promise<RunEnd> {
    try {
      if (await this.#runLog.end(run, result, this.#stopping.signal)) return result.end;
    } catch (error) {
      if (isMobError(error, 'MOB_CONFLICT')) throw error;
      const { id } = this.#deps.session;
      const why = `The run could not be kept: ${errorText(error)}`;
      const end: RunEnd = { type: 'run_failed', session_id: id, error_class: 'store', error: why };
      await this.#runLog.discard(run, end);
      this.#deps.context.onError({ category: 'store_failure', error: why });
      return end;
    }
    throw new Error('the end of a run was not kept before the member had to stop');
  }

  #tools(
    all: readonly AgentTool[],
    { allowed, blocked = [] }: ToolOverlay = {},
  ): ReadonlyMap<string, AgentTool> {
    const offered = new Map<string, AgentTool>();
    for (const tool of all) {
      const { name } = tool;
      if (allowed?.includes(name) !== false && !blocked.includes(name)) offered.set(name, tool);
    }
    return offered;
  }

  #allTools(sourced: readonly AgentTool[]): readonly AgentTool[] {
    const { context, commsTools, mobTools, ownTools } = this.#deps;
    const { comms, mob, host = [] } = this.#profile()?.tools ?? {};
    const hosted = host.flatMap((name) => context.hostTools.get(name) ?? []);
    // Ours last: a tool of a plugin cannot take their names.
    return [...sourced, ...hosted, ...ownTools, ...(mob ? mobTools : []), ...(comms ? commsTools : [])];
  }

  #sourcedTools(): readonly AgentTool[] {
    return allowedSources(this.#deps.context.toolSources, this.#profile()?.tools?.mcp).flatMap((source) =>
      source.tools(),
    );
  }

  /** Whether they are others than at the run before. */
  #haveChanged(sourced: readonly AgentTool[]): boolean {
    const before = this.#sourcedNames;
    this.#sourcedNames = sourced.map(({ name }) => name).join(' ');
    return before !== undefined && before !== this.#sourcedNames;
  }

  #profile(): Profile | undefined {
    const { context, entry, session } = this.#deps;
    return effectiveProfile(context.definition, entry.role, session.record);
  }

  #fail(error: unknown): void {
    if (isMobError(error, 'MOB_CONFLICT')) this.#deps.context.stepDown(error);
    else this.#deps.onBroken(errorText(error));
  }
}

function toSource({ identity, generation }: RosterMember): Incarnation {
  return { identity, generation };
}
