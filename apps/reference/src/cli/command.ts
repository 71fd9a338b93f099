import type { StoreAddress } from '../store/store-address.js';

/** What to do, as the command line says it. */
export type Command =
  | { readonly name: 'help' | 'version' }
  | UpCommand
  | TakeoverCommand
  | {
      readonly name: 'send';
      readonly state: string;
      readonly member: string;
      readonly message: string;
      /** Read at the next boundary of the turn that runs. */
      readonly steer: boolean;
    }
  | { readonly name: 'wire' | 'unwire'; readonly state: string; readonly a: string; readonly b: string }
  | { readonly name: LifecycleCommand; readonly state: string }
  | ShapeCommand
  | SpawnCommand
  | { readonly name: 'retire' | 'respawn'; readonly state: string; readonly identity: string }
  | EventsCommand
  | RunFlowCommand
  | { readonly name: 'flows'; readonly state: string; readonly json: boolean; readonly mobFile?: string }
  | DeliveriesCommand
  | MembersCommand
  | ApprovalsCommand
  | MemoryCommand
  | SchedulesCommand
  | SessionsCommand
  | ModulesCommand
  | RoutesCommand
  | { readonly name: 'module'; readonly module: 'router'; readonly mobFile?: string }
  | (KeptState & { readonly name: 'export'; readonly file?: string })
  | (KeptState & { readonly name: 'import'; readonly file: string })
  | { readonly name: 'check'; readonly mobFile: string }
  | PluginsCommand
  | NewPluginCommand;

/** What moves the running mob from one state to another. */
export type LifecycleCommand = 'stop' | 'resume' | 'complete' | 'reset' | 'destroy';

/** Where everything is kept, as the command line or the environment says it. */
export interface KeptState {
  /** The state directory. */
  readonly state: string;
  /** Absent: what the config says, else SQLite in the state directory. */
  readonly store?: StoreAddress;
}

export interface UpCommand extends KeptState {
  readonly name: 'up';
  readonly mobFile?: string;
  readonly host: string;
  readonly port: number;
  readonly once?: string;
  /** Stand by while another process runs the mob. */
  readonly wait: boolean;
  /** Do not start when something that is kept would not outlive the process. */
  readonly requireDurable: boolean;
}

/** Which plugins would be loaded. */
export interface PluginsCommand extends KeptState {
  readonly name: 'plugins';
  readonly mobFile?: string;
  readonly json: boolean;
}

export interface TakeoverCommand extends KeptState {
  readonly name: 'takeover';
  readonly mobFile?: string;
  readonly host: string;
  readonly port: number;
  /** Refuses to go on with a part that says it would lose what it keeps. */
  readonly requireDurable: boolean;
  /** At once, without asking the process that runs the mob. */
  readonly force: boolean;
  /** Without asking the person at the terminal. */
  readonly yes: boolean;
}

/** What the roster and the wiring should be, and are. */
export interface ShapeCommand {
  readonly name: 'plan' | 'apply';
  readonly state: string;
  /** Without asking the person at the terminal before members are retired. */
  readonly yes: boolean;
  readonly json: boolean;
}

interface SpawnCommand {
  readonly name: 'spawn';
  readonly state: string;
  readonly identity: string;
  readonly profile: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface RunFlowCommand extends KeptState {
  readonly name: 'run';
  readonly flow: string;
  /** Run by this process when no server runs. */
  readonly mobFile?: string;
  /** Absent: none. */
  readonly params?: unknown;
  readonly provision: boolean;
  readonly json: boolean;
}

/** What became of messages that left the mob. */
export type DeliveriesCommand = {
  readonly name: 'deliveries';
  readonly state: string;
  readonly json: boolean;
} & (
  | {
      readonly action: 'list';
      /** The dead letters only. */
      readonly dead: boolean;
      readonly recipient?: string;
      readonly sink?: string;
      /** So many of the newest. */
      readonly limit?: number;
    }
  | { readonly action: 'redrive'; readonly deliveryId: string }
);

export interface MembersCommand extends KeptState {
  readonly name: 'members';
  /** Absent: the whole roster. */
  readonly identity?: string;
  readonly json: boolean;
}

/** What waits for somebody, and what was decided. */
export type ApprovalsCommand = { readonly state: string; readonly json: boolean } & (
  | { readonly name: 'approvals' }
  | { readonly name: 'audit'; readonly limit: number }
  | {
      readonly name: 'approve' | 'reject';
      readonly pendingId: string;
      /** Who decides. */
      readonly by: string;
      readonly reason?: string;
    }
);

/** What became of sessions, by the session store. */
export type SessionsCommand = {
  readonly name: 'sessions';
  readonly state: string;
  readonly json: boolean;
} & (
  | {
      readonly action: 'list';
      /** Archived ones too. */
      readonly all: boolean;
    }
  | { readonly action: 'show'; readonly sessionId: string }
);

/** What is asserted, and where it contradicts itself. */
export type MemoryCommand = { readonly name: 'memory'; readonly state: string; readonly json: boolean } & (
  | { readonly action: 'stores' | 'conflicts' | 'changes' }
  | ({ readonly action: 'query'; readonly text?: string } & MemoryFilter)
  | {
      readonly action: 'index';
      readonly entity: string;
      readonly topic: string;
      readonly fact?: string;
      /** One of the stores of the ledger. */
      readonly in?: string;
      /** That there is a conflict, and why. */
      readonly conflict?: string;
    }
  | {
      readonly action: 'resolve';
      readonly entity: string;
      readonly topic: string;
      readonly in?: string;
      readonly by: string;
      readonly reason?: string;
    }
  | { readonly action: 'delete'; readonly assertionId: string; readonly by: string; readonly reason?: string }
);

/** Where messages go. What is added and asked for is under the names of the wire. */
export type RoutesCommand = { readonly name: 'routes'; readonly state: string; readonly json: boolean } & (
  | { readonly action: 'list' }
  | { readonly action: 'add'; readonly route: Readonly<Record<string, string | number>> }
  | { readonly action: 'delete'; readonly routeKey: string }
  | { readonly action: 'resolve'; readonly asked: Readonly<Record<string, string | number>> }
);

interface MemoryFilter {
  readonly entity?: string;
  readonly topic?: string;
  readonly in?: string;
}

/** What is to happen when. */
export type SchedulesCommand = {
  readonly name: 'schedules';
  readonly state: string;
  readonly json: boolean;
} & (
  | { readonly action: 'list'; readonly phase?: string }
  /** With as many of its occurrences. */
  | { readonly action: 'show'; readonly scheduleId: string; readonly count: number }
  /** As the method `mobkit/schedules/create` takes it. */
  | { readonly action: 'add'; readonly schedule: object }
  | { readonly action: 'pause' | 'resume' | 'delete'; readonly scheduleId: string }
  | {
      readonly action: 'next';
      readonly expression: string;
      readonly timezone: string;
      readonly count: number;
    }
);

export interface ModulesCommand {
  readonly name: 'modules';
  readonly state: string;
  /** The module to begin anew instead. */
  readonly restart?: string;
  readonly json: boolean;
}

export interface EventsCommand extends KeptState {
  readonly name: 'events';
  readonly follow: boolean;
  /** The dead letters instead. */
  readonly dead: boolean;
  readonly json: boolean;
}

/** A package for a store of one's own. */
export interface NewPluginCommand {
  readonly name: 'plugin';
  /** Of the package, with its scope if it has one. */
  readonly packageName: string;
  /** Where to put it; absent: a directory named after the package, here. */
  readonly directory?: string;
}
