import type { ModuleHost } from '@mobkit/core/ops';

/** How the kit gets hosts of modules to test. */
export interface ModuleHostHarness {
  /** Shown in the test report. */
  readonly name: string;

  /**
   * A host that has not been started, of the modules `alpha`, `zulu` and `bad`, of which `start` starts those that are
   * `wanted`; unknown ones among them, too. `alpha` and `zulu` start, answer `echo` with its params and `hang` never; `bad`
   * does not start, and is not tried again for long. The kit shuts it down.
   */
  open(wanted: readonly string[]): Promise<ModuleHost> | ModuleHost;
}
