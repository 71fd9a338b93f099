import type { AgentTool } from '@mobkit/core/mob';
import type { MobError } from '@mobkit/core';

import type { Member } from '../../members/member.js';
import type { Session } from '../../members/session.js';
import type { CommandName } from '../command-table.js';
import type { MobContext } from '../mob-context.js';
import type { MobStates } from '../mob-states.js';
import type { SerialQueue } from '../serial-queue.js';

/** An open mob from inside: what commands on its roster work with. */
export interface Crew {
  readonly context: MobContext;
  /** Everybody who is there, those who are being retired too. `adopt` adds, whoever retires one removes. */
  readonly members: Map<string, Member>;
  readonly commands: SerialQueue;
  readonly states: MobStates;
  /** Runs a command when it is its turn, if the mob takes it then, with no doubts in the ledger. */
  command<T>(name: CommandName, work: () => Promise<T>): Promise<T>;
  /** Finds out what became of writes that were not answered; the state may be another then. @throws what the storage throws. */
  settle(): Promise<void>;
  /** Gives a member of the ledger its place in this process. */
  adopt(identity: string, session: Session | MobError, tools?: readonly AgentTool[]): Member;
  /** @throws MobError `MOB_MEMBER_NOT_FOUND`, also for one that is being retired. */
  expectMember(identity: string): Member;
}
