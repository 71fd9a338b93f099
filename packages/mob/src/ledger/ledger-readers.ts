import type { OrderedLog } from '@mobkit/core';

interface Reader {
  /** It has in hand what it has not told of up to here. */
  readTo: number;
}

/** Knows how far everybody has come who follows a ledger in this process. */
export class LedgerReaders {
  readonly #log: OrderedLog;
  readonly #readers = new Set<Reader>();
  #moved = () => {};

  constructor(log: OrderedLog) {
    this.#log = log;
  }

  /** The log for one that begins to follow it, until `close`. */
  open(): { readonly log: Pick<OrderedLog, 'onAppend' | 'read'>; readonly close: () => void } {
    const reader: Reader = { readTo: 0 };
    this.#readers.add(reader);
    const read: OrderedLog['read'] = async (query) => {
      const page = await this.#log.read(query);
      reader.readTo = page.scannedTo;
      this.#moved();
      return page;
    };
    const close = () => {
      this.#readers.delete(reader);
      this.#moved();
    };
    return { log: { read, onAppend: (wake) => this.#log.onAppend(wake) }, close };
  }

  /** Resolves when everybody has read up to `seq`, or follows no more. */
  async passed(seq: number): Promise<void> {
    while ([...this.#readers].some(({ readTo }) => readTo < seq)) {
      await new Promise<void>((resolve) => (this.#moved = resolve));
    }
  }
}
