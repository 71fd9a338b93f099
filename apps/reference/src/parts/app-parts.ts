import type { ErrorHook, MobError } from '@mobkit/core';
import type { MobDefinition } from '@mobkit/core/mob';
import type { MobPlugin } from '@mobkit/di';
import type { BootstrapOptions } from '@mobkit/runtime';

import type { AppConfig } from '../config/app-config.js';

/** What the app is put together from. */
export interface AppParts {
  readonly config: Omit<AppConfig, 'plugins' | 'store'> & {
    readonly store?: MobPlugin;
    readonly plugins: readonly MobPlugin[];
  };
  readonly definition: MobDefinition;
  /** The state directory. */
  readonly state: string;
  /** Where to listen; absent: nowhere. */
  readonly listen?: { readonly host: string; readonly port: number };
  readonly tell: Tell;
  /** Refuse to start when something that is kept would not outlive the process. @defaultValue false */
  readonly requireDurable?: boolean;
  /** Gives up the start, and what to do about a mob that another process runs. */
  readonly starting?: BootstrapOptions;
}

/** Where parts say what nobody waits for. */
export interface Tell {
  readonly error: ErrorHook;
  readonly storeError: (error: MobError) => void;
  /** What went wrong while a request was answered, or a stream kept open. */
  readonly serverError: (error: unknown) => void;
  readonly info: (text: string) => void;
  readonly warning: (text: string) => void;
  /** What reached the sink `log`. */
  readonly delivered: (line: string) => void;
}
