import { readFileSync } from 'node:fs';

import type { Clock } from '@mobkit/core';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { type Tool, ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';

import type { McpServer } from './mcp-server.js';
import { StdioTransport } from './stdio-transport.js';

/** To be there, and to answer with its tools. Room for `npx` to fetch a package. */
const CONNECT_TIMEOUT_MS = 30_000;
/** More pages than any server has: one that never comes to an end is not followed further. */
const MOST_PAGES = 100;
/** A session that is left open is the server's to clean up. */
const GOODBYE_TIMEOUT_MS = 2000;

export interface ConnectionDeps {
  readonly server: McpServer;
  readonly clock: Clock;
  readonly onToolsChanged: () => void;
  /** Called once, when a connection that stood is gone. */
  readonly onLost: (why: string) => void;
}

/** One session with a server, from its start to its end. */
export class Connection {
  readonly #deps: ConnectionDeps;
  readonly #client: Client;
  readonly #transport: StdioTransport | StreamableHTTPClientTransport;
  #over = false;

  constructor(deps: ConnectionDeps) {
    this.#deps = deps;
    this.#client = new Client({ name: 'mobkit', version: version() }, { capabilities: {} });
    this.#transport = transportTo(deps);
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- it has this property only
    this.#client.onclose = () => this.lost('it ended');
    this.#client.setNotificationHandler(ToolListChangedNotificationSchema, deps.onToolsChanged);
  }

  /** Whether it is of no use any more. */
  get over(): boolean {
    return this.#over;
  }

  get client(): Client {
    return this.#client;
  }

  /** @throws when the server does not start or does not answer; nothing of it is left then. */
  async open(): Promise<readonly Tool[]> {
    try {
      await this.#client.connect(this.#transport, { timeout: CONNECT_TIMEOUT_MS });
      return await this.listTools();
    } catch (error) {
      const said = this.#stderr();
      await this.close();
      throw said === ''
        ? error
        : new Error(`${(error as Error).message}; it said: ${said}`, { cause: error });
    }
  }

  async listTools(): Promise<readonly Tool[]> {
    if (!this.#client.getServerCapabilities()?.tools) return [];
    const tools: Tool[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const given = await this.#client.listTools(cursor === undefined ? {} : { cursor }, {
        timeout: CONNECT_TIMEOUT_MS,
      });
      tools.push(...given.tools);
      cursor = given.nextCursor;
      if (cursor === undefined) break;
    }
    return tools;
  }

  /** Says that it is of no use any more. */
  lost(why: string): void {
    if (this.#over) return;
    this.#over = true;
    const said = this.#stderr();
    this.#deps.onLost(said === '' ? why : `${why}; it said last: ${said}`);
  }

  /** Never rejects. What it was waiting for fails. */
  async close(): Promise<void> {
    this.#over = true;
    if (this.#transport instanceof StreamableHTTPClientTransport) await this.#sayGoodbye(this.#transport);
    // Not by the client: when it is closed it forgets its transport, before that has ended.
    await this.#transport.close().catch(() => {});
  }

  async #sayGoodbye(transport: StreamableHTTPClientTransport): Promise<void> {
    let cancel = () => {};
    const tooLong = new Promise<void>((resolve) => {
      cancel = this.#deps.clock.after(GOODBYE_TIMEOUT_MS, resolve);
    });
    await Promise.race([transport.terminateSession().catch(() => {}), tooLong]);
    cancel();
  }

  #stderr(): string {
    return this.#transport instanceof StdioTransport ? this.#transport.stderrTail : '';
  }
}

function transportTo({ server, clock }: ConnectionDeps): StdioTransport | StreamableHTTPClientTransport {
  const { url, headers = {} } = server;
  if (url === undefined) return new StdioTransport(server, clock);
  return new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } });
}

function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
