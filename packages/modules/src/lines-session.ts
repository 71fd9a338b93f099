import { checkText, errorText, isMobError, isRecord, type JsonValue, MobError } from '@mobkit/core';
import { type ModuleEventEnvelope, normalizeEnvelope } from '@mobkit/core/ops';

import type { Deadline } from './deadline.js';
import { callFailed, endDetails, endText, processFailed, timedOut } from './module-errors.js';
import { type ProcessEnd, ProcessGroup } from './process-group.js';
import { readyMethods } from './ready-methods.js';
import type { Session, SessionDeps } from './session.js';
import { withoutSecrets } from './without-secrets.js';

/** Of a line that cannot be read, in characters. */
const MOST_SHOWN = 200;

interface Waiting {
  readonly method: string;
  readonly resolve: (answer: JsonValue) => void;
  readonly reject: (error: MobError) => void;
}

/**
 * A process that speaks lines of JSON. Its first line is the event that it is ready; every further one is another event, or
 * the answer to a question: `{"id":7,"result":…}` or `{"id":7,"error":{"message":"…"}}` to
 * `{"jsonrpc":"2.0","id":7,"method":"…","params":…}`.
 */
export class LinesSession implements Session {
  readonly #deps: SessionDeps;
  readonly #process: ProcessGroup;
  readonly #waiting = new Map<number, Waiting>();
  readonly #first: Promise<void>;
  #isReady = () => {};
  #isNot: (error: unknown) => void = () => {};
  #methods: readonly string[] | undefined;
  #asked = 0;
  #state: 'opening' | 'open' | 'over' = 'opening';
  #warned = false;
  /** Every process of it may count its events from 1, and each event is another one. */
  readonly #token = crypto.randomUUID().slice(0, 8);

  constructor(deps: SessionDeps) {
    this.#deps = deps;
    const { program, clock, kill } = deps;
    this.#first = new Promise((resolve, reject) => {
      this.#isReady = resolve;
      this.#isNot = reject;
    });
    // It may have ended before anybody waits.
    this.#first.catch(() => {});
    this.#process = new ProcessGroup({
      program,
      clock,
      ...(kill && { kill }),
      onLine: (line) => this.#onLine(line),
      onBroken: (problem, text) => this.#fail(processFailed(deps.moduleId, problem, text)),
    });
    void this.#process.ended.then((end) => this.#onEnd(end));
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get stderrTail(): readonly string[] {
    return this.#process.stderr.lines;
  }

  get ended(): Promise<ProcessEnd> {
    return this.#process.ended;
  }

  async open(deadline: Deadline): Promise<void> {
    const giveUp = () => {
      const { timeoutMs, passed, signal } = deadline;
      const text = `it said nothing within ${timeoutMs} ms`;
      const error = processFailed(this.#deps.moduleId, 'timeout', text, { details: { timeoutMs } });
      this.#fail(passed ? error : (signal.reason as MobError));
    };
    deadline.signal.addEventListener('abort', giveUp, { once: true });
    if (deadline.signal.aborted) giveUp();
    try {
      await this.#first;
    } finally {
      deadline.signal.removeEventListener('abort', giveUp);
    }
  }

  tools(): readonly string[] {
    return this.#methods ?? [];
  }

  async ask(method: string, params: JsonValue, deadline: Deadline): Promise<JsonValue> {
    const { moduleId } = this.#deps;
    if (this.#state !== 'open') throw callFailed(moduleId, method, 'restarting', 'it is being restarted');
    if (this.#methods && !this.#methods.includes(method)) {
      const details = { availableTools: this.#methods };
      throw callFailed(moduleId, method, 'tool_not_found', `it has no "${method}"`, { details });
    }
    this.#asked += 1;
    const id = this.#asked;
    if (!this.#process.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }))) {
      throw callFailed(moduleId, method, 'overloaded', 'it does not read what it is sent');
    }
    const { signal, timeoutMs } = deadline;
    let giveUp = () => {};
    try {
      return await new Promise<JsonValue>((resolve, reject) => {
        this.#waiting.set(id, { method, resolve, reject });
        giveUp = () => {
          reject(
            deadline.passed ? timedOut(moduleId, `call_tool:${method}`, timeoutMs) : (signal.reason as Error),
          );
        };
        signal.addEventListener('abort', giveUp, { once: true });
      });
    } finally {
      signal.removeEventListener('abort', giveUp);
      this.#waiting.delete(id);
    }
  }

  end(graceMs: number): Promise<boolean> {
    this.#over(callFailed(this.#deps.moduleId, '', 'closed', 'it is ended'));
    // Nothing in the protocol tells it to end but the signal.
    return this.#process.end({ termAfterMs: 0, killAfterMs: graceMs });
  }

  #onLine(line: string): void {
    if (this.#state === 'over') return;
    try {
      const value = this.#parse(line);
      if (this.#state === 'open' && this.#answer(value)) return;
      const envelope = this.#event(value);
      if (this.#state === 'opening') this.#methods = readyMethods(envelope.event.payload);
      this.#deps.tell(envelope);
      if (this.#state === 'opening') {
        this.#state = 'open';
        this.#isReady();
      }
    } catch (error) {
      const known = isMobError(error) ? error : undefined;
      const problem = new MobError(
        'MOB_EVENT_INVALID',
        `Module '${this.#deps.moduleId}': ${errorText(error)}`,
        {
          details: { ...known?.details, module: this.#deps.moduleId },
        },
      );
      if (this.#state === 'opening') return this.#fail(problem);
      // One that goes on like this would fill the log.
      if (!this.#warned) this.#deps.warn(problem);
      this.#warned = true;
    }
  }

  #parse(line: string): unknown {
    try {
      return JSON.parse(line) as unknown;
    } catch {
      // Not what the parser says: that has a piece of the line, and half a secret is none that could be taken out.
      const said = withoutSecrets(line, this.#deps.program.env).slice(0, MOST_SHOWN);
      throw new MobError('MOB_EVENT_INVALID', `not JSON: ${JSON.stringify(said)}`, {
        details: { reason: 'invalid_json' },
      });
    }
  }

  /** An event of this module, and of nobody else. */
  #event(value: unknown): ModuleEventEnvelope {
    const { event, eventId, timestampMs } = normalizeEnvelope(value);
    const { moduleId } = this.#deps;
    if (event.kind === 'module' && event.module === moduleId) {
      const id = `${eventId}~${this.#token}`;
      expectKept('event_id', id);
      expectKept('event_type', event.eventType);
      return { eventId: id, timestampMs, event };
    }
    const got = event.kind === 'module' ? event.module : event.kind;
    const details = { reason: 'source_mismatch', expected: moduleId, got };
    throw new MobError('MOB_EVENT_INVALID', `an event of "${got}"`, { details });
  }

  #answer(value: unknown): boolean {
    if (!isRecord(value) || 'event_id' in value) return false;
    const { id, result } = value;
    // Older libraries write both fields, one of them null.
    const error = value['error'] ?? undefined;
    if (typeof id !== 'number' || (result === undefined && error === undefined)) return false;
    const asked = this.#waiting.get(id);
    // Nobody waits any more: the deadline has passed.
    if (!asked) return true;
    if (error === undefined) asked.resolve(result as JsonValue);
    else asked.reject(callFailed(this.#deps.moduleId, asked.method, 'tool_failed', reasonOf(error)));
    return true;
  }

  #onEnd(end: ProcessEnd): void {
    const { moduleId } = this.#deps;
    if (this.#state === 'opening') {
      const reason = end.error ? 'spawn_failed' : 'empty_output';
      const what = end.error ? endText(end) : `it said nothing and ${endText(end)}`;
      return this.#fail(
        processFailed(moduleId, reason, what, { details: endDetails(end), cause: end.error }),
      );
    }
    this.#fail(processFailed(moduleId, 'exited', endText(end), { details: endDetails(end) }), end);
  }

  #fail(error: MobError, end?: ProcessEnd): void {
    const before = this.#state;
    this.#over(error);
    if (before === 'open') this.#deps.onLost(error, end);
  }

  #over(cause: MobError): void {
    this.#state = 'over';
    this.#isNot(cause);
    for (const { method, reject } of this.#waiting.values()) {
      reject(callFailed(this.#deps.moduleId, method, 'closed', 'it ended before it answered', { cause }));
    }
  }
}

/** Else every event like it would be refused by the event log, and told each time. */
function expectKept(field: string, value: string): void {
  try {
    checkText(field, value);
  } catch (cause) {
    const details = { reason: 'invalid_field_type', field };
    throw new MobError('MOB_EVENT_INVALID', `an event that cannot be kept: ${errorText(cause)}`, { details });
  }
}

function reasonOf(error: unknown): string {
  if (isRecord(error) && typeof error['message'] === 'string') return error['message'];
  return typeof error === 'string' ? error : JSON.stringify(error);
}
