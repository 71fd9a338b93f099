import { type ChildProcess, spawn } from 'node:child_process';

import type { Clock } from '@mobkit/core';
import { getDefaultEnvironment } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ReadBuffer, serializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';

import type { McpServer } from './mcp-server.js';

/** A server has so long to end by itself when its input does, and as long again when it is told to. */
const GRACE_MS = 2000;
const STDERR_TAIL = 2000;

/** What ends the programs that run, should this process end without closing anything. One listener for all of them. */
const live = new Set<() => void>();

function killAtExit(kill: () => void): void {
  if (live.size === 0) process.off('exit', killLive).once('exit', killLive);
  live.add(kill);
}

function killLive(): void {
  for (const kill of live) kill();
}

/**
 * Speaks MCP over the standard streams of a child process. The SDK's own transport ends only the child it started; this
 * one ends the whole group, so that what the child started (`npx`, a shell) is gone too.
 */
export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly #server: McpServer;
  readonly #clock: Clock;
  readonly #buffer = new ReadBuffer();
  #child: ChildProcess | undefined;
  #ended: Promise<void> | undefined;
  #stderr = '';

  constructor(server: McpServer, clock: Clock) {
    this.#server = server;
    this.#clock = clock;
  }

  /** The last it wrote to its standard error. */
  get stderrTail(): string {
    return this.#stderr.trim();
  }

  start(): Promise<void> {
    const { command = '', args = [], env, cwd } = this.#server;
    const child = spawn(command, args, {
      // A group of its own, to be ended as one.
      detached: true,
      env: { ...getDefaultEnvironment(), ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(cwd !== undefined && { cwd }),
    });
    this.#child = child;
    const kill = () => this.#kill('SIGKILL');
    killAtExit(kill);
    this.#ended = new Promise<void>((resolve) => {
      child.once('error', () => resolve());
      child.once('exit', () => resolve());
    });
    void this.#ended.finally(() => {
      // What it started itself.
      kill();
      live.delete(kill);
      this.onclose?.();
    });
    child.stdin.on('error', (error) => this.onerror?.(error));
    child.stdout.on('data', (chunk: Buffer) => this.#read(chunk));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_TAIL);
    });
    return new Promise((resolve, reject) => {
      child.once('spawn', () => resolve());
      child.once('error', reject);
    });
  }

  send(message: JSONRPCMessage): Promise<void> {
    const { stdin } = this.#child ?? {};
    if (!stdin?.writable) return Promise.reject(new Error('The server has ended'));
    return new Promise((resolve, reject) => {
      stdin.write(serializeMessage(message), (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Ends its input, then tells it to end, then ends it. Resolves when the whole group is gone. */
  async close(): Promise<void> {
    if (!this.#child || !this.#ended) return;
    this.#child.stdin?.end();
    const cancels = [
      this.#clock.after(GRACE_MS, () => this.#kill('SIGTERM')),
      this.#clock.after(2 * GRACE_MS, () => this.#kill('SIGKILL')),
    ];
    await this.#ended;
    for (const cancel of cancels) cancel();
    this.#buffer.clear();
  }

  #read(chunk: Buffer): void {
    try {
      this.#buffer.append(chunk);
    } catch (error) {
      // A line without an end.
      this.onerror?.(error as Error);
      this.#kill('SIGKILL');
    }
    for (;;) {
      try {
        const message = this.#buffer.readMessage();
        if (message === null) return;
        this.onmessage?.(message);
      } catch (error) {
        // Something else than a message: a server that prints where it should not.
        this.onerror?.(error as Error);
      }
    }
  }

  #kill(signal: NodeJS.Signals): void {
    const { pid } = this.#child ?? {};
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // Gone already.
    }
  }
}
