import { type Clock, delay, errorText, type JsonValue, type MobError } from '@mobkit/core';
import type {
  ModuleEventListener,
  ModuleHealthTransition,
  ModuleHealthState,
  ModuleStatus,
} from '@mobkit/core/ops';

import { type Deadline, deadlineIn } from './deadline.js';
import type { ConfiguredModule } from './module-config.js';
import { callFailed, processFailed } from './module-errors.js';
import type { ProcessEnd } from './process-group.js';
import { RestartBudget, type RestartLimits } from './restart-budget.js';
import type { Session, SessionDeps } from './session.js';

export interface SupervisedModuleDeps {
  readonly config: ConfiguredModule;
  readonly limits: RestartLimits;
  readonly startTimeoutMs: number;
  readonly graceMs: number;
  readonly clock: Clock;
  readonly openSession: (deps: SessionDeps) => Promise<Session>;
  readonly sessionOptions: Pick<SessionDeps, 'kill' | 'pingIntervalMs'>;
  readonly tell: ModuleEventListener;
  readonly onTransition: (transition: ModuleHealthTransition) => void;
}

/** One bringing to life, until it is ended or begun anew. */
interface Life {
  readonly abort: AbortController;
  readonly budget: RestartBudget;
}

/** Keeps the process of one module up: for as long as it is wanted, within its limits. */
export class SupervisedModule {
  readonly #deps: SupervisedModuleDeps;
  #life: Life | undefined;
  #session: Session | undefined;
  #state: ModuleHealthState | undefined;
  #attempt = 0;
  #loaded = false;
  #error: string | undefined;
  /** What goes on by itself: a restart under way. */
  #work: Promise<unknown> = Promise.resolve();

  constructor(deps: SupervisedModuleDeps) {
    this.#deps = deps;
  }

  /** From when it is healthy until it is `Stopped`, so also while it is restarted. */
  get loaded(): boolean {
    return this.#loaded;
  }

  /** Whether a process of it is there, be it up or not. */
  get hasProcess(): boolean {
    return this.#session?.pid !== undefined;
  }

  get isUp(): boolean {
    return this.#state === 'Healthy';
  }

  get status(): ModuleStatus {
    const { id: moduleId, boundary } = this.#deps.config;
    const pid = this.#session?.pid;
    return {
      moduleId,
      ...(this.#state && { state: this.#state }),
      boundary,
      loaded: this.#loaded,
      ...(pid !== undefined && { pid }),
      restarts: Math.max(this.#attempt - 1, 0),
      stderrTail: this.#session?.stderrTail ?? [],
      ...(this.#error !== undefined && { error: this.#error }),
    };
  }

  tools(): readonly string[] {
    return (this.#loaded && this.#session?.tools()) || [];
  }

  ask(method: string, params: JsonValue, deadline: Deadline): Promise<JsonValue> {
    if (this.isUp && this.#session) return this.#session.ask(method, params, deadline);
    const { id } = this.#deps.config;
    return Promise.reject(callFailed(id, method, 'restarting', 'it is being restarted'));
  }

  /**
   * Begins anew; what was before is gone by then. Resolves when it is healthy.
   *
   * @throws MobError why it is not and will not be by itself; what `signal` was aborted with.
   */
  async start(signal?: AbortSignal): Promise<void> {
    const { config, limits, clock, graceMs } = this.#deps;
    await this.end(graceMs);
    if (this.hasProcess) {
      const error = processFailed(config.id, 'io', 'failed to terminate existing child before respawn');
      this.#warn(error, {});
      throw error;
    }
    const life: Life = { abort: new AbortController(), budget: new RestartBudget(limits, clock) };
    const giveUp = () => life.abort.abort(signal?.reason);
    if (signal?.aborted) giveUp();
    signal?.addEventListener('abort', giveUp, { once: true });
    this.#life = life;
    this.#attempt = 0;
    this.#state = undefined;
    this.#to('Starting');
    try {
      await this.#bringUp(life);
    } finally {
      signal?.removeEventListener('abort', giveUp);
      if (life.abort.signal.aborted) this.#state = 'Stopped';
    }
  }

  /** Ends it within `graceMs`, for good, unless it could not be ended: then it `hasProcess`. Never rejects. */
  async end(graceMs: number): Promise<void> {
    this.#life?.abort.abort(new Error('The module is ended'));
    this.#life = undefined;
    this.#loaded = false;
    if (this.#state) this.#state = 'Stopped';
    await this.#session?.end(graceMs);
    await this.#work;
  }

  async #bringUp(life: Life): Promise<void> {
    for (;;) {
      const failure = await this.#try(life);
      if (failure === undefined) return;
      if (!(await this.#mayRestart(life, failure))) throw failure;
    }
  }

  /** Starts a process; answers why it did not come up. Nothing of one that did not is left, as far as can be. */
  async #try(life: Life): Promise<MobError | undefined> {
    const { config, clock, startTimeoutMs, openSession, sessionOptions, tell } = this.#deps;
    const { id: moduleId, program } = config;
    life.abort.signal.throwIfAborted();
    this.#attempt += 1;
    // Told when it is healthy: whoever calls it when it says that it is ready finds it loaded.
    const early: (() => void)[] = [];
    let isUp = false;
    const whenUp = (act: () => void) => {
      if (isUp) act();
      else early.push(act);
    };
    let session: Session;
    try {
      session = await openSession({
        ...sessionOptions,
        moduleId,
        program,
        clock,
        tell: (event) => whenUp(() => tell(event)),
        warn: (error) => this.#warn(error, {}),
        onLost: (error, end) => whenUp(() => this.#lost(life, session, error, end)),
      });
    } catch (cause) {
      // Of this process, as when it has no descriptor left: later it may have.
      return processFailed(moduleId, 'spawn_failed', `it could not be started: ${errorText(cause)}`, {
        cause,
      });
    }
    this.#session = session;
    const deadline = deadlineIn(clock, startTimeoutMs, life.abort.signal);
    try {
      await session.open(deadline);
      life.abort.signal.throwIfAborted();
    } catch (error) {
      const gone = await session.end(0);
      life.abort.signal.throwIfAborted();
      const failure = error as MobError;
      return gone ? failure : notCleanedUp(moduleId, failure);
    } finally {
      deadline.clear();
    }
    isUp = true;
    life.budget.healthy();
    this.#loaded = true;
    this.#error = undefined;
    this.#to('Healthy');
    for (const act of early) act();
    return undefined;
  }

  /** Says whether another process may be started, when its time has come. */
  async #mayRestart(life: Life, failure: MobError): Promise<boolean> {
    this.#error = this.#deps.config.withoutSecrets(failure.message);
    this.#to('Failed');
    // One that could not be ended would be there beside the next.
    const pauseMs = failure.details['cleanup'] === 'failed' ? undefined : life.budget.failed();
    this.#warn(failure, {
      attempt: this.#attempt,
      next: pauseMs === undefined ? 'Stopped' : 'Restarting',
      ...(pauseMs !== undefined && { backoff_ms: pauseMs }),
    });
    if (pauseMs === undefined) {
      this.#loaded = false;
      this.#to('Stopped');
      return false;
    }
    this.#to('Restarting');
    const { signal } = life.abort;
    if (pauseMs > 0) await delay(this.#deps.clock, pauseMs, signal);
    signal.throwIfAborted();
    return true;
  }

  /** A healthy one is of no use any more. */
  #lost(life: Life, session: Session, error: MobError, end?: ProcessEnd): void {
    if (this.#life !== life || life.abort.signal.aborted) return;
    if (end?.exitCode === 0 && this.#deps.config.restartPolicy !== 'always') {
      this.#loaded = false;
      this.#to('Stopped');
      this.#tell('supervisor.stopped', { exit_code: 0, attempt: this.#attempt });
      return;
    }
    const restart = async () => {
      const gone = end !== undefined || (await session.end(this.#deps.graceMs));
      if (life.abort.signal.aborted) return;
      const failure = gone ? error : notCleanedUp(this.#deps.config.id, error);
      if (await this.#mayRestart(life, failure)) await this.#bringUp(life);
    };
    // What failed has been told.
    this.#work = restart().catch(() => {});
  }

  #to(to: ModuleHealthState): void {
    const from = this.#state;
    this.#state = to;
    const { id: moduleId } = this.#deps.config;
    const attempt = to === 'Starting' ? 0 : this.#attempt;
    this.#deps.onTransition({ moduleId, ...(from && { from }), to, attempt });
  }

  #warn(error: MobError, more: Readonly<Record<string, unknown>>): void {
    const { withoutSecrets } = this.#deps.config;
    const { reason, exitCode, signal } = error.details;
    this.#tell('supervisor.warning', {
      error: withoutSecrets(error.message),
      code: error.code,
      ...(reason !== undefined && { reason }),
      ...(exitCode !== undefined && { exit_code: exitCode }),
      ...(signal !== undefined && { signal }),
      ...more,
      stderr_tail: this.status.stderrTail,
    });
  }

  #tell(eventType: string, payload: Readonly<Record<string, unknown>>): void {
    const { config, clock, tell } = this.#deps;
    tell({
      eventId: `evt-${eventType.replace('.', '-')}-${config.id}-${crypto.randomUUID()}`,
      timestampMs: clock.now(),
      event: { kind: 'module', module: config.id, eventType, payload },
    });
  }
}

function notCleanedUp(moduleId: string, cause: MobError): MobError {
  const after = afterWhat(cause);
  return processFailed(moduleId, 'io', `cleanup terminate failed after ${after}: ${cause.message}`, {
    cause,
    details: { cleanup: 'failed' },
  });
}

function afterWhat({ code, details }: MobError): string {
  if (code === 'MOB_EVENT_INVALID') return 'normalize error';
  return code === 'MOB_MODULE_TIMEOUT' || details['reason'] === 'timeout' ? 'timeout' : 'failure';
}
