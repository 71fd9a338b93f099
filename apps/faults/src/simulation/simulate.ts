import { SeededRandom } from '@mobkit/contract-kit';
import { openMemoryStores } from '@mobkit/store-memory';
import type { AgentEventEnvelope } from '@mobkit/core/mob';
import { bootstrapRuntime, type UnifiedRuntime } from '@mobkit/runtime';

import { checkCursors, checkReport, checkRoster, checkRuns, wholeLedger } from './checks.js';
import { observe } from './observers.js';
import { Trace } from './trace.js';
import { type Accepted, ask } from './traffic.js';
import { DRAIN_TIMEOUT_MS, type Process, type Sabotage, startProcess } from './world.js';

/** Far beyond every limit of a runtime, so that only what hangs takes longer. */
const LONGEST_MS = 120_000;

export interface SimulationResult {
  /** Broken promises, one sentence each; empty when all were kept. */
  readonly violations: readonly string[];
  readonly trace: Trace;
}

/**
 * Runs one seed: some processes, one after another on the same storage, each started, used and ended in order or killed,
 * under faults; then one without faults, in which everything must be as promised.
 *
 * @param sabotage - promises to break on purpose, to see that it is noticed.
 */
export async function simulate(seed: number, sabotage: Sabotage = {}): Promise<SimulationResult> {
  const random = new SeededRandom(seed);
  const chance = Math.random;
  // Pauses before another try have jitter: the only thing in our code that is left to chance.
  Math.random = () => random.next();
  try {
    return await new Simulation(seed, random, sabotage).run();
  } finally {
    Math.random = chance;
  }
}

class Simulation {
  readonly #seed: number;
  readonly #random: SeededRandom;
  readonly #sabotage: Sabotage;
  readonly #trace = new Trace();
  readonly #violations: string[] = [];
  readonly #accepted: Accepted[] = [];
  readonly #agentEvents: AgentEventEnvelope[] = [];
  #nowMs = 1_700_000_000_000;
  /** A process was killed, or ended without knowing whether its last writes were kept: what it did then may be untold. */
  #doubtful = false;

  constructor(seed: number, random: SeededRandom, sabotage: Sabotage) {
    this.#seed = seed;
    this.#random = random;
    this.#sabotage = sabotage;
  }

  async run(): Promise<SimulationResult> {
    const { storage: kept } = await openMemoryStores();
    const lives = this.#random.whole(1, 3);
    for (let life = 0; life <= lives; life += 1) {
      const last = life === lives;
      const given = {
        kept,
        trace: this.#trace,
        seed: this.#seed * 16 + life,
        nowMs: this.#nowMs,
        sabotage: this.#sabotage,
      };
      const process = await startProcess({ ...given, faulty: !last });
      try {
        await this.#live(process, last);
      } catch (error) {
        this.#violations.push(error instanceof Error ? error.message : String(error));
      }
      this.#agentEvents.push(...process.agentEvents);
      this.#nowMs = process.clock.now() + this.#random.whole(0, 10_000);
      if (this.#violations.length > 0) break;
    }
    return { violations: this.#violations, trace: this.#trace };
  }

  async #live(process: Process, last: boolean): Promise<void> {
    const { clock, parts } = process;
    const stopping = new AbortController();
    const stopAtMs = !last && this.#random.chance(0.2) ? this.#random.whole(0, 60) : Infinity;
    const cancelStop = clock.after(stopAtMs, () => stopping.abort());
    const starting = bootstrapRuntime(parts, { signal: stopping.signal });
    this.#trace.add('start');
    let runtime: UnifiedRuntime;
    try {
      runtime = await clock.until(starting, LONGEST_MS, 'The start');
    } catch (error) {
      cancelStop();
      if (last) throw error;
      this.#trace.add(`did not start: ${String(error)}`);
      await this.#close(process);
      return;
    } finally {
      cancelStop();
    }
    const readers = observe(runtime);
    const asked = await this.#use(runtime, process);
    if (!last && this.#random.chance(0.4)) {
      this.#trace.add('killed');
      this.#doubtful = true;
      process.storage.sever();
      return;
    }
    if (last) {
      await clock.until(Promise.all(asked), LONGEST_MS, 'What was asked');
      await this.#checkAtRest(runtime, process);
    }
    await this.#end(runtime, process);
    await clock.until(Promise.all([...asked, readers.ended]), LONGEST_MS, 'What was asked');
    this.#violations.push(...readers.violations);
    await this.#close(process);
  }

  /** Answers what was asked and may not be done. */
  async #use(runtime: UnifiedRuntime, { clock }: Process): Promise<readonly Promise<void>[]> {
    const asked: Promise<void>[] = [];
    const accepted = this.#accepted;
    const deps = {
      runtime,
      random: this.#random,
      trace: this.#trace,
      accepted,
      violations: this.#violations,
    };
    for (let steps = this.#random.whole(5, 25); steps > 0; steps -= 1) {
      asked.push(ask(deps));
      await clock.pass(this.#random.pick([0, 1, 10, 100, 1_000]));
    }
    return asked;
  }

  /** Everything is as promised when nothing fails any more and nothing is left to do. */
  async #checkAtRest(runtime: UnifiedRuntime, { clock, parts, agentEvents }: Process): Promise<void> {
    await clock.until(runtime.whenIdle(), LONGEST_MS, 'The last turn');
    const report = await clock.until(runtime.shape.reconcile(), LONGEST_MS, 'A reconcile');
    const plan = await clock.until(runtime.shape.plan(), LONGEST_MS, 'A plan');
    if (!report.complete) this.#violations.push(`a reconcile without faults left ${JSON.stringify(report)}`);
    if (!plan.empty) this.#violations.push(`after a reconcile there was still ${JSON.stringify(plan)}`);
    const ledger = await clock.until(wholeLedger(runtime), LONGEST_MS, 'Reading the ledger');
    const roster = await clock.until(checkRoster(runtime, parts.storage), LONGEST_MS, 'Reading the roster');
    const removed = new Set(
      ledger.flatMap(({ kind }) => (kind.type === 'member_retired' ? [kind.agent_identity] : [])),
    );
    // With a member go the messages that wait for it.
    const mayBeLost = ({ identity }: Accepted) => this.#doubtful || removed.has(identity);
    this.#violations.push(
      ...checkCursors(ledger),
      ...roster,
      ...checkRuns(this.#accepted, [...this.#agentEvents, ...agentEvents], mayBeLost),
    );
  }

  async #end(runtime: UnifiedRuntime, { clock }: Process): Promise<void> {
    this.#trace.add('shutdown');
    const ending = runtime.shutdown();
    const report = await clock.until(ending, DRAIN_TIMEOUT_MS + 60_000, 'The shutdown');
    if ((await runtime.shutdown()) !== report) this.#violations.push('a second shutdown had another report');
    this.#violations.push(...checkReport(report));
    if (report.mobStop === 'error') this.#doubtful = true;
    this.#trace.add(`ended ${report.mobStop} ${report.errors.length}`);
  }

  async #close(process: Process): Promise<void> {
    process.calm();
    await process.clock.until(process.close(), LONGEST_MS, 'Closing');
    const { waiting } = process.clock;
    if (waiting > 0) this.#violations.push(`${waiting} timers were left`);
  }
}
