import type { MobEventKind, MobState } from '@mobkit/core/mob';

/** When a command is taken, and what comes of it. */
export interface CommandRule {
  /** For whoever is refused: "Cannot …". */
  readonly does: string;
  readonly from: readonly MobState[];
  /** Absent: the state stays. */
  readonly to?: MobState;
  /** The kinds it may append to the ledger, in this order, each for every member or pair it concerns. */
  readonly appends: readonly MobEventKind['type'][];
}

const running: readonly MobState[] = ['Running'];
const alive: readonly MobState[] = ['Running', 'Stopped', 'Completed'];
const spawning = [
  'member_spawned',
  'members_wired',
  'members_wired_batch',
  'member_kickoff_updated',
] as const;
const retiring = ['members_unwired', 'member_retired'] as const;

/** Every command of a mob. Whatever is not named here only reads and works in every state. */
export const commandTable = {
  spawn: { does: 'spawn a member', from: running, appends: spawning },
  spawnMany: { does: 'spawn members', from: running, appends: spawning },
  ensure: { does: 'spawn a member', from: running, appends: spawning },
  reconcileMembers: { does: 'reconcile members', from: running, appends: [...spawning, ...retiring] },
  respawn: { does: 'respawn a member', from: running, appends: [...retiring, ...spawning] },
  resetMember: { does: 'reset a member', from: running, appends: ['member_kickoff_updated', 'member_reset'] },
  cancelTurn: { does: 'cancel a turn', from: running, appends: [] },
  runHelper: { does: 'run a helper', from: running, appends: [...spawning, ...retiring] },
  retire: { does: 'retire a member', from: ['Running', 'Stopped'], appends: retiring },
  retireAll: { does: 'retire everybody', from: ['Running', 'Stopped'], appends: retiring },
  wire: { does: 'wire members', from: running, appends: ['members_wired'] },
  wireMany: { does: 'wire members', from: running, appends: ['members_wired_batch'] },
  unwire: { does: 'unwire members', from: running, appends: ['members_unwired'] },
  wireExternal: { does: 'wire a peer', from: running, appends: ['external_peer_wired'] },
  unwireExternal: { does: 'unwire a peer', from: running, appends: ['external_peer_unwired'] },
  send: { does: 'send a message', from: running, appends: spawning },
  sendAsMember: { does: 'send a message', from: running, appends: [] },
  deliverFromPeer: { does: 'take a message', from: running, appends: [] },
  broadcast: { does: 'send a message', from: running, appends: [] },
  submitWork: { does: 'submit work', from: running, appends: [] },
  cancelAllWork: { does: 'cancel work', from: running, appends: [] },
  runFlow: { does: 'run a flow', from: running, appends: ['flow_started'] },
  cancelFlow: { does: 'cancel a flow', from: running, appends: ['flow_canceled'] },
  stop: { does: 'stop', from: running, to: 'Stopped', appends: [] },
  resume: { does: 'resume', from: ['Stopped'], to: 'Running', appends: [] },
  complete: { does: 'complete', from: running, to: 'Completed', appends: [...retiring, 'mob_completed'] },
  reset: { does: 'reset', from: alive, to: 'Running', appends: [...retiring, 'mob_created', 'mob_reset'] },
  destroy: {
    does: 'destroy',
    from: alive,
    to: 'Destroyed',
    appends: ['mob_destroying', ...retiring, 'mob_destroy_storage_finalizing'],
  },
} as const satisfies Readonly<Record<string, CommandRule>>;

export type CommandName = keyof typeof commandTable;

export function ruleOf(command: CommandName): CommandRule {
  return commandTable[command];
}
