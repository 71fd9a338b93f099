// Apart from the commands, which need neither the mob nor a store when a server runs.

import { readMemberDetails, readRoster } from '@mobkit/mob';
import { toWireMember, toWireMemberDetails } from '@mobkit/rpc';

import type { KeptState } from '../cli/command.js';
import { readKeptState } from './kept-state.js';

/** The roster as it was kept. */
export function keptMembers(kept: KeptState) {
  return readKeptState(kept, async ({ storage }) => (await readRoster(storage)).map(toWireMember));
}

/** What is kept of the members of a name; none when there is no such member. */
export function keptMemberDetails(kept: KeptState, identity: string) {
  return readKeptState(kept, async ({ storage }) =>
    (await readMemberDetails(storage, identity)).map(toWireMemberDetails),
  );
}
