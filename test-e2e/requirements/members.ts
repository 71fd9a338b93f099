import type { Requirement } from '../requirement.js';

/** Who is in a mob, and how they come and go. */
export const membersRequirements: readonly Requirement[] = [
  {
    id: 'members.spawn-many',
    behaviour:
      'Spawning several answers for each in the order given; what is wrong with one keeps no other, and those that are right are kept in one commit.',
    fault: 'The first that failed ended the batch.',
  },
  {
    id: 'members.spawn-joined',
    behaviour:
      'Spawns that are asked for side by side are kept together, are wired to one another as the definition says, and keep their place among other commands.',
    fault: 'Spawns joined a batch over a command that came between.',
  },
  {
    id: 'members.spawn-alone',
    behaviour:
      'When the storage refuses what was to be kept together, each is kept alone, so that one that it refuses keeps no other.',
    fault: 'A refusal was given to all of them.',
  },
  {
    id: 'members.ensure',
    behaviour:
      'Ensuring a member answers who has the identity, unchanged, or spawns one; asked for twice at once it spawns one.',
    fault: 'Somebody who is planned already was not taken for there.',
  },
  {
    id: 'members.reconcile',
    behaviour:
      'Reconciling spawns who is missing, keeps who is there, retires everybody else only when asked, and answers for each identity.',
    fault: 'Everybody else was retired without being asked.',
  },
  {
    id: 'members.retire-all',
    behaviour:
      'Retiring everybody ends their runs side by side, says each wire and each member once, and can be called again.',
    fault: 'A wire between two that leave was unwired by both.',
  },
];
