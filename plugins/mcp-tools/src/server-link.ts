import { type Clock, errorText, MobError } from '@mobkit/core';
import type { AgentTool, ToolContext, ToolSource } from '@mobkit/core/mob';
import { ErrorCode, McpError, type Tool } from '@modelcontextprotocol/sdk/types.js';

import { Connection } from './connection.js';
import type { McpServer } from './mcp-server.js';
import { renderResult } from './render-result.js';
import { toolName } from './tool-name.js';

const CALL_TIMEOUT_MS = 60_000;
/** The longest that a timer can take: a call is ended by the clock. */
const NEVER_MS = 2 ** 31 - 1;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** A connection that stood for so long was a good one: the next pause is a short one again. */
const GOOD_AFTER_MS = 60_000;
const PING_TIMEOUT_MS = 5000;
/** Shorter ones are words that may stand anywhere. */
const SHORTEST_SECRET = 6;

export interface ServerLinkDeps {
  readonly name: string;
  readonly server: McpServer;
  readonly clock: Clock;
  /** Told once each time the server is gone, not at each attempt to reach it again. */
  readonly onError: (error: MobError) => void;
}

/** Keeps one session with a server alive, and offers its tools. */
export class ServerLink implements ToolSource {
  readonly name: string;
  readonly #deps: ServerLinkDeps;
  readonly #callTimeoutMs: number;
  #connection: Connection | undefined;
  #opening: { readonly connection: Connection; readonly done: Promise<void> } | undefined;
  #tools: readonly AgentTool[] = [];
  /** The end of the connection before. */
  #ending: Promise<void> | undefined;
  #listing = false;
  #listAgain = false;
  #whyDown = 'it is not started';
  #told = false;
  #pauseMs = FIRST_PAUSE_MS;
  #upSinceMs = 0;
  #cancelPause = () => {};
  #closed = false;

  constructor(deps: ServerLinkDeps) {
    this.#deps = deps;
    this.name = deps.name;
    this.#callTimeoutMs = deps.server.callTimeoutMs ?? CALL_TIMEOUT_MS;
  }

  tools(): readonly AgentTool[] {
    return this.#tools;
  }

  /** Resolves when it is there, or the first attempt has failed and it is tried again by itself. Never rejects. */
  open(): Promise<void> {
    const connection = new Connection({
      server: this.#deps.server,
      clock: this.#deps.clock,
      onToolsChanged: () => void this.#list(connection),
      onLost: (why) => this.#lost(connection, why),
    });
    const done = this.#open(connection);
    this.#opening = { connection, done };
    return done;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelPause();
    this.#whyDown = 'it is closed';
    // Never both.
    const connection = this.#connection ?? this.#opening?.connection;
    this.#connection = undefined;
    await connection?.close();
    await this.#opening?.done;
    await this.#ending;
  }

  async #open(connection: Connection): Promise<void> {
    try {
      const tools = await connection.open();
      if (this.#closed) return await connection.close();
      // Between its answer and now.
      if (connection.over) throw new Error('it ended');
      this.#tools = tools.map((tool) => this.#toAgentTool(tool));
      this.#connection = connection;
      this.#upSinceMs = this.#deps.clock.now();
      this.#told = false;
    } catch (error) {
      this.#down(`it cannot be reached: ${errorText(error)}`);
      this.#retryLater();
    } finally {
      this.#opening = undefined;
    }
  }

  #lost(connection: Connection, why: string): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    if (this.#deps.clock.now() - this.#upSinceMs >= GOOD_AFTER_MS) this.#pauseMs = FIRST_PAUSE_MS;
    this.#down(why);
    // What is left of it: a session over HTTP, or a program that hangs.
    this.#ending = connection.close().then(() => this.#retryLater());
  }

  #down(why: string): void {
    if (this.#closed) return;
    this.#whyDown = this.#safe(why);
    if (!this.#told) this.#deps.onError(this.#unavailable(this.#whyDown));
    this.#told = true;
  }

  #retryLater(): void {
    if (this.#closed) return;
    const pauseMs = this.#pauseMs;
    this.#pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    this.#cancelPause = this.#deps.clock.after(pauseMs, () => void this.open(), { background: true });
  }

  /** One at a time; what changes meanwhile is looked at afterwards. */
  async #list(connection: Connection): Promise<void> {
    if (this.#opening?.connection === connection) await this.#opening.done;
    this.#listAgain = this.#listing;
    if (this.#listing) return;
    this.#listing = true;
    try {
      do {
        this.#listAgain = false;
        const tools = await connection.listTools();
        if (this.#connection === connection) this.#tools = tools.map((tool) => this.#toAgentTool(tool));
      } while (this.#listAgain as boolean);
    } catch (error) {
      connection.lost(`its tools cannot be listed: ${errorText(error)}`);
    } finally {
      this.#listing = false;
    }
  }

  #toAgentTool({ name, title, description = title ?? name, inputSchema }: Tool): AgentTool {
    return {
      name: toolName(this.name, name),
      description,
      inputSchema,
      timeoutMs: this.#callTimeoutMs,
      run: (args, context) => this.#call(name, args, context),
    };
  }

  async #call(tool: string, args: unknown, { signal }: ToolContext): Promise<string> {
    const connection = this.#connection;
    if (!connection) throw this.#unavailable(this.#whyDown);
    if (typeof args !== 'object' || args === null || Array.isArray(args)) {
      throw new TypeError('The arguments of a call are an object');
    }
    const late = new AbortController();
    const cancel = this.#deps.clock.after(this.#callTimeoutMs, () => late.abort());
    const result = await connection.client
      .callTool({ name: tool, arguments: { ...args } }, undefined, {
        signal: AbortSignal.any([signal, late.signal]),
        timeout: NEVER_MS,
      })
      .catch((error: unknown) => {
        signal.throwIfAborted();
        throw late.signal.aborted ? this.#lateCall(connection) : this.#callFailure(connection, error);
      })
      .finally(cancel);
    const text = renderResult(result);
    if (result.isError) throw new Error(text === '' ? 'The tool failed and did not say why' : text);
    return text;
  }

  #lateCall(connection: Connection): Error {
    void this.#ping(connection);
    return this.#unavailable(`it did not answer within ${this.#callTimeoutMs} ms`);
  }

  #callFailure(connection: Connection, error: unknown): Error {
    const text = this.#safe(errorText(error));
    // What the server itself answered: it is there.
    if (error instanceof McpError && error.code !== (ErrorCode.ConnectionClosed as number)) {
      return new Error(text);
    }
    connection.lost(text);
    return this.#unavailable(text);
  }

  /** Finds out whether it is only the call that hangs. */
  async #ping(connection: Connection): Promise<void> {
    const abort = new AbortController();
    const cancel = this.#deps.clock.after(PING_TIMEOUT_MS, () => abort.abort());
    await connection.client.ping({ signal: abort.signal }).catch(() => {
      connection.lost('it does not answer any more');
    });
    cancel();
  }

  #unavailable(why: string): MobError {
    return new MobError('MOB_TOOLS_UNAVAILABLE', `MCP server "${this.name}": ${why}`, {
      retryable: true,
      details: { server: this.name },
    });
  }

  /** Without what was given to the server in confidence, which it may print. */
  #safe(text: string): string {
    const { env = {}, headers = {} } = this.#deps.server;
    const secrets = [...Object.values(env), ...Object.values(headers)].filter(
      ({ length }) => length >= SHORTEST_SECRET,
    );
    return secrets.reduce((left, secret) => left.replaceAll(secret, '[secret]'), text);
  }
}
