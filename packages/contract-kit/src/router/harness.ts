import type { Clock, Storage } from '@mobkit/core';
import type { Route, RouteAdvisor, Router } from '@mobkit/core/ops';

/** How the kit gets routers to test. */
export interface RouterHarness {
  /** Shown in the test report. */
  readonly name: string;

  /** Opens a storage that holds nothing. Called before every test; closed after it. */
  open(): Promise<OpenedStorage>;

  /** Opens what the latest `open` holds once more, as another process would. Absent: the test goes on with the first. */
  readonly reopen?: () => Promise<OpenedStorage>;

  /** Makes a router; called again over the same storage for what another process does, or a later one. */
  router(parts: RouterParts): Promise<Router> | Router;
}

/** An open storage for the suite of routers. `close` removes what was kept, too. */
export interface OpenedStorage {
  readonly storage: Storage;
  close(): Promise<void>;
}

/** What a router under test is made from. It must use nothing else that outlives it. */
export interface RouterParts {
  readonly storage: Storage;
  readonly mobId: string;
  /** Routes that cannot be changed. */
  readonly fixed: readonly Route[];
  readonly advisor: () => RouteAdvisor | undefined;
  /** For how long a resolution is believed. */
  readonly validForMs: number;
  readonly clock: Clock;
}
