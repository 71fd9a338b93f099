import { readFileSync } from 'node:fs';

import { errorText, type JsonValue, MobError } from '@mobkit/core';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ErrorCode, McpError, ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';

import { type Deadline, deadlineIn } from './deadline.js';
import { mcpAnswer } from './mcp-answer.js';
import { callFailed, endDetails, endText, processFailed, timedOut } from './module-errors.js';
import { type ProcessEnd, ProcessGroup } from './process-group.js';
import { ProcessTransport, UnreadError } from './process-transport.js';
import type { Session, SessionDeps } from './session.js';

/** One that does not answer a ping for so long hangs. */
const PING_TIMEOUT_MS = 5000;
/** More pages than any server has: one that never comes to an end is not followed further. */
const MOST_PAGES = 100;
/** The SDK has timers of its own, of the machine's clock: ours are meant. */
const NEVER_MS = 2 ** 31 - 1;

type Args = Record<string, unknown>;

/** A process that speaks MCP: one session for as long as it lives. */
export class McpSession implements Session {
  readonly #deps: SessionDeps;
  readonly #process: ProcessGroup;
  readonly #transport: ProcessTransport;
  readonly #client: Client;
  #tools: readonly string[] = [];
  #state: 'opening' | 'open' | 'over' = 'opening';
  /** Why the process is of no use any more. */
  #failure: MobError | undefined;
  #cancelPing = () => {};
  #pinging = false;
  #isListing = false;
  #isListOld = false;

  constructor(deps: SessionDeps) {
    this.#deps = deps;
    const { program, clock, kill } = deps;
    // First: what throws after the start would leave the process behind.
    this.#client = new Client({ name: `mobkit-${deps.moduleId}`, version: version() }, { capabilities: {} });
    this.#process = new ProcessGroup({
      program,
      clock,
      ...(kill && { kill }),
      onLine: (line) => this.#transport.onLine(line),
      onBroken: (problem, text) => this.#fail(processFailed(deps.moduleId, problem, text)),
    });
    this.#transport = new ProcessTransport(this.#process);
    this.#client.setNotificationHandler(ToolListChangedNotificationSchema, () => void this.#listAgain());
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
    const { moduleId, clock } = this.#deps;
    const options = { timeout: NEVER_MS, signal: deadline.signal };
    await this.#step('connect', deadline, () => this.#client.connect(this.#transport, options));
    this.#tools = await this.#step('list_tools', deadline, () => this.#list(deadline.signal));
    if (this.#failure) throw this.#failure;
    this.#state = 'open';
    this.#deps.tell({
      eventId: `evt-mcp-ready-${moduleId}-${crypto.randomUUID()}`,
      timestampMs: clock.now(),
      event: { kind: 'module', module: moduleId, eventType: 'mcp.ready', payload: { tools: this.#tools } },
    });
    this.#pingLater();
  }

  tools(): readonly string[] {
    return this.#tools;
  }

  async ask(method: string, params: JsonValue, deadline: Deadline): Promise<JsonValue> {
    const { moduleId } = this.#deps;
    if (this.#state !== 'open') throw callFailed(moduleId, method, 'restarting', 'it is being restarted');
    if (!this.#tools.includes(method)) {
      const details = { availableTools: this.#tools };
      throw callFailed(moduleId, method, 'tool_not_found', `it has no tool "${method}"`, { details });
    }
    if (typeof params !== 'object' || params === null || Array.isArray(params)) {
      throw new MobError('MOB_REQUEST_INVALID', `The params of tool "${method}" are no object`, {
        details: { field: 'params' },
      });
    }
    const options = { timeout: NEVER_MS, signal: deadline.signal };
    let result;
    try {
      result = await this.#client.callTool({ name: method, arguments: params as Args }, undefined, options);
    } catch (error) {
      throw this.#askFailure(method, deadline, error);
    }
    const { isError, answer, text } = mcpAnswer(result);
    if (isError)
      throw callFailed(moduleId, method, 'tool_failed', text || 'the tool did not say why it failed');
    return answer;
  }

  end(graceMs: number): Promise<boolean> {
    this.#fail(callFailed(this.#deps.moduleId, '', 'closed', 'it is ended'), undefined, false);
    // A server of MCP ends when its input does; the signals are for those that do not.
    return this.#process.end({ termAfterMs: graceMs / 2, killAfterMs: graceMs });
  }

  async #step<T>(
    operation: 'connect' | 'list_tools',
    deadline: Deadline,
    take: () => Promise<T>,
  ): Promise<T> {
    const { moduleId } = this.#deps;
    try {
      if (this.#failure) throw this.#failure;
      return await take();
    } catch (error) {
      if (deadline.passed) throw timedOut(moduleId, operation, deadline.timeoutMs);
      if (deadline.signal.aborted) throw deadline.signal.reason;
      if (this.#failure) throw this.#failure;
      const reason = operation === 'connect' ? 'connection_failed' : 'list_failed';
      throw callFailed(moduleId, '', reason, errorText(error), { cause: error });
    }
  }

  async #list(signal: AbortSignal): Promise<readonly string[]> {
    if (!this.#client.getServerCapabilities()?.tools) return [];
    const names: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const params = cursor === undefined ? {} : { cursor };
      const { tools, nextCursor } = await this.#client.listTools(params, { timeout: NEVER_MS, signal });
      names.push(...tools.map(({ name }) => name));
      cursor = nextCursor;
      if (cursor === undefined) break;
    }
    return names.toSorted();
  }

  /** One list at a time, however often it is told that there is another: the last one told of is the one that counts. */
  async #listAgain(): Promise<void> {
    this.#isListOld = true;
    if (this.#isListing) return;
    this.#isListing = true;
    while (this.#isListOld) {
      this.#isListOld = false;
      await this.#listOnce();
    }
    this.#isListing = false;
  }

  async #listOnce(): Promise<void> {
    const { clock, moduleId, warn } = this.#deps;
    const deadline = deadlineIn(clock, PING_TIMEOUT_MS);
    try {
      this.#tools = await this.#list(deadline.signal);
    } catch (error) {
      if (this.#state !== 'open') return;
      warn(callFailed(moduleId, '', 'list_failed', `its tools cannot be listed: ${errorText(error)}`));
    } finally {
      deadline.clear();
    }
  }

  #askFailure(method: string, deadline: Deadline, error: unknown): unknown {
    const { moduleId } = this.#deps;
    if (deadline.passed) {
      // Whether it is only this call that hangs.
      void this.#ping();
      return timedOut(moduleId, `call_tool:${method}`, deadline.timeoutMs);
    }
    if (deadline.signal.aborted) return deadline.signal.reason;
    if (error instanceof UnreadError) {
      void this.#ping();
      return callFailed(moduleId, method, 'overloaded', 'it does not read what it is sent');
    }
    if (this.#failure ?? isClosed(error)) {
      const cause = this.#failure ?? error;
      return callFailed(moduleId, method, 'closed', 'it ended before it answered', { cause });
    }
    return callFailed(moduleId, method, 'tool_failed', errorText(error), { cause: error });
  }

  #pingLater(): void {
    const { clock, pingIntervalMs } = this.#deps;
    if (pingIntervalMs === undefined || this.#state !== 'open') return;
    this.#cancelPing = clock.after(
      pingIntervalMs,
      () => {
        void this.#ping().then(() => this.#pingLater());
      },
      { background: true },
    );
  }

  async #ping(): Promise<void> {
    if (this.#pinging || this.#state !== 'open') return;
    this.#pinging = true;
    const { moduleId, clock } = this.#deps;
    const deadline = deadlineIn(clock, PING_TIMEOUT_MS);
    try {
      await this.#client.ping({ timeout: NEVER_MS, signal: deadline.signal });
    } catch (error) {
      // One that does not know pings is there, too.
      if (deadline.passed || error instanceof UnreadError) {
        this.#fail(processFailed(moduleId, 'hanging', 'it does not answer any more'));
      }
    } finally {
      deadline.clear();
      this.#pinging = false;
    }
  }

  #onEnd(end: ProcessEnd): void {
    const { moduleId } = this.#deps;
    const error = processFailed(moduleId, end.error ? 'spawn_failed' : 'exited', endText(end), {
      details: endDetails(end),
      ...(end.error && { cause: end.error }),
    });
    this.#fail(error, end);
  }

  #fail(error: MobError, end?: ProcessEnd, isLoss = true): void {
    const before = this.#state;
    this.#state = 'over';
    this.#failure ??= error;
    this.#cancelPing();
    // Fails what is under way.
    this.#transport.onclose?.();
    if (before === 'open' && isLoss) this.#deps.onLost(error, end);
  }
}

function isClosed(error: unknown): boolean {
  return error instanceof McpError && error.code === (ErrorCode.ConnectionClosed as number);
}

function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
