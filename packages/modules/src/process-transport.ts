import { deserializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';

import type { ProcessGroup } from './process-group.js';

/** Lets the SDK speak to a process that is ours to start and to end. */
export class ProcessTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly #process: ProcessGroup;

  constructor(process: ProcessGroup) {
    this.#process = process;
  }

  start(): Promise<void> {
    return this.#process.started;
  }

  send(message: JSONRPCMessage): Promise<void> {
    if (this.#process.send(JSON.stringify(message))) return Promise.resolve();
    return Promise.reject(new UnreadError());
  }

  /** The process is ended by who started it. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  onLine(line: string): void {
    let message;
    try {
      message = deserializeMessage(line);
    } catch (error) {
      // Something else than a message: a server that prints where it should not.
      this.onerror?.(error as Error);
      return;
    }
    this.onmessage?.(message);
  }
}

/** The process does not read what it is sent. */
export class UnreadError extends Error {
  constructor() {
    super('It does not read what it is sent');
    this.name = 'UnreadError';
  }
}
