/** Something to wait for until a test opens it. */
export class Gate {
  readonly passed: Promise<void>;
  #open = () => {};
  #arrive = () => {};
  /** Resolves when somebody waits at the gate. */
  readonly reached: Promise<void>;

  constructor() {
    this.passed = new Promise((resolve) => (this.#open = resolve));
    this.reached = new Promise((resolve) => (this.#arrive = resolve));
  }

  wait(): Promise<void> {
    this.#arrive();
    return this.passed;
  }

  open(): void {
    this.#open();
  }
}
