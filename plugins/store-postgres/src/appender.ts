import type { Appended, AppendWrite } from '@mobkit/core';

import type { Announcer } from './announcer.js';
import { EncodedAppend } from './append.js';
import { AppendLane } from './append-lane.js';
import type { Connection } from './connection.js';

/** Appends to any partition; each has a lane of its own, so that one which is held up holds up no other. */
export class Appender {
  readonly #connection: Connection;
  readonly #announcer: Announcer;
  readonly #lanes = new Map<string, AppendLane>();

  constructor(connection: Connection, announcer: Announcer) {
    this.#connection = connection;
    this.#announcer = announcer;
  }

  /** Appends to one partition are numbered in the order of the calls, awaited or not. */
  async append(write: AppendWrite): Promise<Appended> {
    const { schema } = this.#connection;
    const doing = `append to log "${write.log.name}"`;
    this.#connection.expectWritable(doing);
    return this.#connection.run(doing, async () => {
      const encoded = new EncodedAppend(schema, write);
      return this.#laneOf(topicOf(write), doing).append(encoded);
    });
  }

  #laneOf(topic: string, doing: string): AppendLane {
    const known = this.#lanes.get(topic);
    if (known) return known;
    const lane = new AppendLane(this.#connection, doing, {
      stored: () => this.#announcer.appended(topic),
      idle: () => this.#lanes.delete(topic),
    });
    this.#lanes.set(topic, lane);
    return lane;
  }
}

/** What a partition is called in a notification. */
export function topicOf({ log, partition = '' }: Pick<AppendWrite, 'log' | 'partition'>): string {
  return `${log.name}/${partition}`;
}
