/** What happened in a run, in order and each at its time: two runs of one seed have the same. */
export class Trace {
  readonly lines: string[] = [];
  /** Tells the time of the process that runs. */
  now: () => number = () => 0;

  add(line: string): void {
    this.lines.push(`${this.now()} ${line}`);
  }
}
