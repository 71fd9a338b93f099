import type { DependencyContainer, InjectionToken } from 'tsyringe';

import type { Lifecycle } from './lifecycle.js';
import type { Keeping, SlotClaim } from './slot-claim.js';

/** A named unit of registration. */
export interface MobPlugin {
  /** Unique in an app: the package name without its scope. */
  readonly name: string;
  /** Says what the plugin offers. Synchronous, and connects to nothing: what must be opened is opened on start. */
  register(context: PluginContext): void;
}

/** What a plugin is given when it registers. */
export interface PluginContext {
  /** For what the methods below do not cover. */
  readonly container: DependencyContainer;
  readonly lifecycle: Lifecycle;

  /** Claims a slot. `create` runs once, at the first resolve, and never when a later plugin claims the same slot. */
  provide<T>(token: InjectionToken<T>, create: () => T, keeping?: Keeping): void;

  /** Opens a resource on start and closes it on stop, provided that it still holds a slot it claimed. */
  provideResource<R>(resource: Resource<R>): ResourceSlots<R>;

  /** Adds to a token that collects. `create` runs once, at the first `collect`. */
  contribute<T>(token: InjectionToken<T>, create: () => T): void;

  /** Everything contributed, in plugin order; empty when nobody did. For use in `create`, not while registering. */
  collect<T>(token: InjectionToken<T>): readonly T[];

  /** Every claim so far, in plugin order; for use on start, when all have been made. */
  claims(): readonly SlotClaim[];
}

/** Something that has to be opened before use and closed after it. What it says of `Keeping` holds for all its slots. */
export interface Resource<R> extends Keeping {
  /** Named in errors. */
  readonly name: string;
  open(): Promise<R>;
  close(opened: R): Promise<void>;
}

/** Claims slots for a resource. */
export interface ResourceSlots<R> {
  /** Claims one. Resolving it before start, or after stop, throws a `TypeError`. */
  fill<T>(token: InjectionToken<T>, get: (opened: R) => T): this;
  /** Adds to a token that collects, which counts as holding a slot: the resource is opened. */
  contribute<T>(token: InjectionToken<T>, get: (opened: R) => T): this;
}
