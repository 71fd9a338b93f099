/** Units for turns that go on although nobody waits for them, in a whole mob. */
export class OrphanBudget {
  readonly #size: number;
  #taken = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /** The share of one run: it takes half of them at most, and at least one. */
  share(): OrphanShare {
    let taken = 0;
    const most = Math.max(1, Math.floor(this.#size / 2));
    return {
      take: () => {
        if (taken >= most || this.#taken >= this.#size) return undefined;
        taken += 1;
        this.#taken += 1;
        let held = true;
        return () => {
          if (!held) return;
          held = false;
          taken -= 1;
          this.#taken -= 1;
        };
      },
    };
  }
}

export interface OrphanShare {
  /** Takes a unit and returns what gives it back; undefined when there is none. */
  take(): (() => void) | undefined;
}
