import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';

import { backoffMs, type Clock, type DiscoveryWatchers, errorText, isMobError, MobError } from '@mobkit/core';

/** A file that was as it is for so long is written: programs write in several steps, and nothing says which is the last. */
const SETTLED_AFTER_MS = 50;

export interface FileWatchDeps {
  readonly path: string;
  readonly clock: Clock;
  readonly watchers: DiscoveryWatchers;
  /** Reads the file and says what is wrong in it. @throws MobError when it cannot be read. */
  readonly check: () => Promise<{ readonly text: string; readonly problem: MobError | undefined }>;
}

/**
 * Tells when what a file says may have changed. It is the directory that is watched, since a file that is replaced by another
 * of its name is not watched any more; so a link that is pointed elsewhere is noticed as well.
 */
export class FileWatch {
  readonly #deps: FileWatchDeps;
  #run: AbortController | undefined;

  constructor(deps: FileWatchDeps) {
    this.#deps = deps;
  }

  /** Does nothing when it is started. */
  start(): void {
    if (this.#run) return;
    const run = new AbortController();
    this.#run = run;
    void new Run(this.#deps, run.signal).follow();
  }

  /** From now on nobody is told. Does nothing when it is not started. */
  stop(): void {
    this.#run?.abort();
    this.#run = undefined;
  }
}

/** From one start to its stop. */
class Run {
  readonly #deps: FileWatchDeps;
  readonly #signal: AbortSignal;
  /** What the file said when somebody was told; undefined before. */
  #told: string | undefined;
  /** What the file was when it was last looked into. */
  #compared: string | undefined;
  /** Called when something happened in the directory. */
  #wake = () => {};
  #woken = false;

  constructor(deps: FileWatchDeps, signal: AbortSignal) {
    this.#deps = deps;
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#wake());
  }

  /** Watches the directory, and again when it was replaced or is back; ends by the signal. Never rejects. */
  async follow(): Promise<void> {
    const directory = dirname(this.#deps.path);
    let failures = 0;
    while (!this.#signal.aborted) {
      let watcher: FSWatcher | undefined;
      try {
        watcher = watch(directory, { persistent: false });
        watcher.on('change', () => this.#notify()).on('error', () => this.#notify());
        const { ino } = await stat(directory);
        // What happened before this moment, by whoever watched a directory that is gone, is seen by looking.
        if (failures > 0) this.#woken = true;
        failures = 0;
        await this.#look(async () => (await stat(directory)).ino === ino);
      } catch (error) {
        // Nobody is told before `watch` has returned.
        await Promise.resolve();
        this.#fail(`Cannot watch ${directory}: ${errorText(error)}`, error);
      } finally {
        watcher?.close();
      }
      await this.#pause(backoffMs(failures));
      failures += 1;
    }
  }

  /** Looks at the file whenever something happened, as long as the directory is the one that is watched. */
  async #look(isSame: () => Promise<boolean>): Promise<void> {
    for (;;) {
      await this.#woke();
      if (this.#signal.aborted) return;
      const mark = await this.#settled();
      if (this.#signal.aborted) return;
      // Else something else in the directory changed.
      if (mark !== this.#compared) await this.#compare();
      this.#compared = mark;
      if (!(await isSame())) return;
    }
  }

  /** Resolves when the file has been as it is for a while, with what it was then. */
  async #settled(): Promise<string | undefined> {
    let before: string | undefined;
    while (!this.#signal.aborted) {
      this.#woken = false;
      const now = await this.#mark();
      if (now === before) return now;
      before = now;
      await this.#pause(SETTLED_AFTER_MS);
    }
    return before;
  }

  async #mark(): Promise<string> {
    try {
      const { dev, ino, size, mtimeNs, ctimeNs } = await stat(this.#deps.path, { bigint: true });
      return [dev, ino, size, mtimeNs, ctimeNs].join();
    } catch {
      return 'absent';
    }
  }

  async #compare(): Promise<void> {
    const { check, watchers } = this.#deps;
    try {
      const { text, problem } = await check();
      if (this.#signal.aborted) return;
      if (problem) return watchers.failed(problem);
      if (text === this.#told && !watchers.failing) return;
      this.#told = text;
      watchers.changed();
    } catch (error) {
      this.#fail(errorText(error), error);
    }
  }

  #fail(message: string, cause: unknown): void {
    if (this.#signal.aborted) return;
    const { path: file } = this.#deps;
    const options = { cause, retryable: true, details: { file } };
    this.#deps.watchers.failed(
      isMobError(cause) ? cause : new MobError('MOB_DISCOVERY_UNAVAILABLE', message, options),
    );
  }

  #notify(): void {
    this.#woken = true;
    this.#wake();
  }

  /** Resolves when something happened since the file was looked at, or by the signal. */
  async #woke(): Promise<void> {
    if (this.#woken || this.#signal.aborted) return;
    await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  async #pause(pauseMs: number): Promise<void> {
    if (this.#signal.aborted) return;
    await new Promise<void>((resolve) => {
      const cancel = this.#deps.clock.after(pauseMs, resolve, { background: true });
      this.#wake = () => {
        if (!this.#signal.aborted) return;
        cancel();
        resolve();
      };
    });
  }
}
