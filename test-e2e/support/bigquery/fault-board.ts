import { Faults, type FaultSwitches } from './faults.js';

const NONE = new Faults({});

/** The switches of each dataset; those that name no dataset are of every one that has none of its own. */
export class FaultBoard {
  readonly #boards = new Map<string, Faults>();

  set(dataset: string | undefined, switches: FaultSwitches): void {
    this.#boards.set(dataset ?? '', new Faults(switches));
  }

  of(datasets: readonly string[]): Faults {
    const own = datasets.find((dataset) => this.#boards.has(dataset));
    return this.#boards.get(own ?? '') ?? NONE;
  }
}
