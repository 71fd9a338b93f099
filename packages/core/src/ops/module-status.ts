/** How a module is, as it is called on the wire. */
export type ModuleHealthState = 'Starting' | 'Healthy' | 'Failed' | 'Restarting' | 'Stopped';

/** That a module has changed from one state of health to another. */
export interface ModuleHealthTransition {
  readonly moduleId: string;
  /** Absent for `Starting`, with which it begins anew. */
  readonly from?: ModuleHealthState;
  readonly to: ModuleHealthState;
  /** Which process since it began anew, from 1; 0 for `Starting`, when there is none. */
  readonly attempt: number;
}

/** How a module is spoken to: `mcp`, or JSON `lines` of mobkit. */
export type ModuleBoundary = 'mcp' | 'lines';

/** What an operator wants to know of a module. */
export interface ModuleStatus {
  readonly moduleId: string;
  /** Absent for one that was never wanted. */
  readonly state?: ModuleHealthState;
  readonly boundary: ModuleBoundary;
  readonly loaded: boolean;
  /** While its process is up. */
  readonly pid?: number;
  /** How often it was started again since it began anew. */
  readonly restarts: number;
  /** What its process, or the last one it had, wrote last to its standard error: at most 20 lines, oldest first. */
  readonly stderrTail: readonly string[];
  /** Why it failed last; absent while it is healthy. */
  readonly error?: string;
}
