import { type DeleteWrite, MobError, type NewRecord, type RecordStore, type Storage } from '@mobkit/core';
import type { Incarnation } from '@mobkit/core/mob';

import type { Activity } from '../engine/activity.js';
import { SerialQueue } from '../engine/serial-queue.js';
import { type Input, inputKey, inputsDefinition, inputSeq, toInputRecord } from './input.js';

/** Messages that may wait for one member, those being kept right now included. */
export const INBOX_LIMIT = 1024;

/** A message as it stands in the queue of a member. */
export class HeldInput {
  readonly key: string;
  readonly input: Input;
  /** Of its record; absent when the ledger stood beside it, which fences it. */
  readonly version: number | undefined;
  /** Whether it is being marked as begun right now: whether it still waits is not known then. */
  beginning = false;
  #release: (() => void) | undefined;

  constructor(key: string, input: Input, version: number | undefined) {
    this.key = key;
    this.input = input;
    this.version = version;
  }

  /** From now on `whenIdle` waits for it. */
  count(activity: Activity): void {
    this.#release ??= activity.begin();
  }

  /** Nobody waits for it any more. */
  release(): void {
    this.#release?.();
  }
}

/** Messages that were taken out of a queue and are still kept. One of the three is to be called, once. */
export interface Withdrawn {
  readonly inputs: readonly Input[];
  /** What removes them from the storage. */
  readonly deletes: readonly DeleteWrite[];
  readonly removed: () => void;
  readonly putBack: () => void;
  /** Nobody knows: they go with the next commit, if not yet. */
  readonly doubt: () => void;
}

export interface InboxDeps {
  readonly storage: Storage;
  readonly activity: Activity;
  readonly mobId: string;
  readonly incarnation: Incarnation;
  /** Messages of peers wait for one from outside. */
  readonly peersWait: boolean;
  /** Called once, when it takes nothing more. */
  readonly onClose?: () => void;
}

/** The messages of one member, in the order they were accepted. Each is in storage before its sender is told. */
export class Inbox {
  readonly #deps: InboxDeps;
  readonly #records: RecordStore;
  readonly #writes = new SerialQueue();
  readonly #waiting: HeldInput[] = [];
  /** By key, messages whose senders were told that they were not kept, which is not certain. */
  readonly #doubtful = new Map<string, Input>();
  #nextSeq = 1;
  #underWay = 0;
  #closed = false;

  constructor(deps: InboxDeps) {
    this.#deps = deps;
    this.#records = deps.storage.records(inputsDefinition);
  }

  /** Where a message that comes next is kept, for whoever keeps it with something else and then calls `hold`. */
  reserve(input: Input): { readonly key: string; readonly record: NewRecord } {
    const { mobId, incarnation } = this.#deps;
    return {
      key: inputKey(mobId, incarnation, this.#nextSeq++),
      record: toInputRecord(mobId, incarnation.identity, input),
    };
  }

  /** Puts a message that is kept already, as `version` of its record, at the end of the queue. */
  hold(key: string, input: Input, version?: number): void {
    this.#nextSeq = Math.max(this.#nextSeq, inputSeq(key) + 1);
    this.#waiting.push(new HeldInput(key, input, version));
    if (this.#closed || (this.#deps.peersWait && input.kind === 'peer')) return;
    // One from outside brings along those of peers that waited for it; not those that come after it.
    for (const held of this.#waiting) held.count(this.#deps.activity);
  }

  /** Puts back one whose run was put aside, where it stood. */
  putBack(key: string, input: Input, version?: number): void {
    this.hold(key, input, version);
    this.#sort();
  }

  /**
   * Keeps a message, then queues it.
   *
   * @throws MobError `MOB_INBOX_FULL`, retryable; `MOB_MEMBER_NOT_FOUND` when the member was retired meanwhile; what the
   * storage throws.
   */
  async accept(input: Input): Promise<void> {
    const { activity } = this.#deps;
    const { identity } = this.#deps.incarnation;
    if (this.#waiting.length + this.#underWay >= INBOX_LIMIT) {
      const message = `${INBOX_LIMIT} messages wait for "${identity}" already: send again later`;
      throw new MobError('MOB_INBOX_FULL', message, { retryable: true, details: { identity } });
    }
    const release = activity.begin();
    this.#underWay += 1;
    try {
      await this.#writes.run(() => this.#keep(input));
    } finally {
      this.#underWay -= 1;
      release();
    }
  }

  /** What waits, in the order it was accepted. */
  get inputs(): readonly Input[] {
    return this.#waiting.map(({ input }) => input);
  }

  /** How many wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** The next to be worked on: one whose run was put aside, then one that steers, then in order. It stays in the queue. */
  first(): HeldInput | undefined {
    const aside = this.#waiting.find(({ input }) => input.parked);
    if (aside) return aside;
    const first = this.#waiting.find(isSteer) ?? this.#waiting[0];
    if (!this.#deps.peersWait || first?.input.kind !== 'peer') return first;
    return this.#waiting.some(({ input }) => input.kind !== 'peer') ? first : undefined;
  }

  /** Takes it out of the queue. It stays kept, and counts until it is released. */
  remove(held: HeldInput): void {
    const at = this.#waiting.indexOf(held);
    if (at !== -1) this.#waiting.splice(at, 1);
  }

  /** Takes those that are to be read before the next turn out of the queue, as `remove` does. */
  takeSteers(): readonly HeldInput[] {
    if (this.#closed || !this.#waiting.some(isSteer)) return [];
    const steers = this.#waiting.filter(isSteer);
    for (const held of steers) this.remove(held);
    return steers;
  }

  /** Takes back one that waits, from the storage too; false when none of that id does. What cannot be removed now is later. */
  async takeBack(id: string): Promise<boolean> {
    const held = this.#waiting.find(({ input }) => input.id === id);
    if (!held) return false;
    this.remove(held);
    await this.#writes.run(async () => {
      const { key, version } = held;
      const only = version === undefined ? {} : { expectedVersion: version };
      await this.#records.delete(key, only).catch(() => void this.#doubtful.set(key, held.input));
    });
    held.release();
    return true;
  }

  /**
   * Takes out of the queue what waits and is not about to be begun, for whoever removes it together with something else. Call
   * it when nothing is being kept.
   */
  withdraw(which: (input: Input) => boolean): Withdrawn {
    const taken = this.#waiting.filter(({ beginning, input }) => !beginning && which(input));
    for (const held of taken) this.remove(held);
    const doubtful = [...this.#doubtful].flatMap(([key, input]) => (which(input) ? [key] : []));
    const release = () => taken.forEach((held) => held.release());
    return {
      inputs: taken.map(({ input }) => input),
      deletes: [...taken.map(toDelete), ...doubtful.map((key) => ({ records: inputsDefinition, key }))],
      removed: () => {
        release();
        for (const key of doubtful) this.#doubtful.delete(key);
      },
      putBack: () => {
        this.#waiting.push(...taken);
        this.#sort();
      },
      doubt: () => {
        release();
        for (const { key, input } of taken) this.#doubtful.set(key, input);
      },
    };
  }

  /** Resolves when nothing is being kept any more. */
  settled(): Promise<void> {
    return this.#writes.settled();
  }

  /** Takes nothing more. What waits stays kept, and nobody waits for it. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const held of this.#waiting) held.release();
    this.#deps.onClose?.();
  }

  #sort(): void {
    this.#waiting.sort((one, other) => inputSeq(one.key) - inputSeq(other.key));
  }

  async #keep(input: Input): Promise<void> {
    if (this.#closed) {
      const message = `"${this.#deps.incarnation.identity}" was retired before the message was kept`;
      throw new MobError('MOB_MEMBER_NOT_FOUND', message);
    }
    const { key, record } = this.reserve(input);
    const doubtful = [...this.#doubtful.keys()];
    let version: number | undefined;
    try {
      const { versions } = await this.#deps.storage.commit({
        puts: [{ records: inputsDefinition, key, record, expectedVersion: 0 }],
        deletes: doubtful.map((one) => ({ records: inputsDefinition, key: one })),
      });
      version = versions[0];
      for (const one of doubtful) this.#doubtful.delete(one);
    } catch (error) {
      // The answer may have been lost after the commit.
      const kept = await this.#records.get(key).catch(() => (this.#doubtful.set(key, input), undefined));
      if (kept?.data !== record.data) throw error;
      version = kept.version;
    }
    this.hold(key, input, version);
  }
}

function toDelete({ key, version }: HeldInput): DeleteWrite {
  return { records: inputsDefinition, key, ...(version !== undefined && { expectedVersion: version }) };
}

function isSteer({ input }: HeldInput): boolean {
  return input.handlingMode === 'steer';
}
