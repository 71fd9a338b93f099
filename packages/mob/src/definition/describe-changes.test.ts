import type { MobDefinition } from '@mobkit/core/mob';
import { expect, it } from 'vitest';

import { describeChanges } from './describe-changes.js';

const stored: MobDefinition = {
  id: 'm',
  orchestrator: { profile: 'lead' },
  profiles: { lead: { model: 'a', skills: ['x', 'y'] }, worker: { model: 'a' } },
  members: Array.from({ length: 11 }, (_, at) => ({ identity: `w-${at}`, profile: 'worker' })),
};

it('[definition.changes] finds no change between a definition and itself in another order of keys', () => {
  const { id, ...rest } = structuredClone(stored);
  expect(describeChanges(stored, { ...rest, id, later: undefined })).toEqual([]);
});

it('[definition.changes] says what was and what is, sorted by path', () => {
  const given: MobDefinition = {
    id: 'n',
    profiles: { lead: { model: 'b', skills: ['y', 'x', 'z'] }, toString: { model: 'a' } },
    members:
      stored.members?.map((member, at) => (at === 2 || at === 10 ? { ...member, identity: 'x' } : member)) ??
      [],
    orchestrator: { profile: 'lead' },
  };
  expect(describeChanges(stored, given)).toEqual([
    { path: 'members[2].identity', stored: 'w-2', given: 'x' },
    { path: 'members[10].identity', stored: 'w-10', given: 'x' },
    { path: 'mob.id', stored: 'm', given: 'n' },
    { path: 'profiles.lead.model', stored: 'a', given: 'b' },
    { path: 'profiles.lead.skills[0]', stored: 'x', given: 'y' },
    { path: 'profiles.lead.skills[1]', stored: 'y', given: 'x' },
    { path: 'profiles.lead.skills[2]', given: 'z' },
    { path: 'profiles.toString', given: { model: 'a' } },
    { path: 'profiles.worker', stored: { model: 'a' } },
  ]);
});
