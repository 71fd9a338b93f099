import type { Requirement } from '../requirement.js';

/** What happens inside one run of one member. */
export const agentRequirements: readonly Requirement[] = [
  {
    id: 'mob.requested-turn',
    behaviour:
      'Whoever requests a turn of a member, turn-driven or not, learns how its run ended; tools taken away for it are back in the next.',
    fault: 'The tools of the turn were not those of the request.',
  },
  {
    id: 'mob.requested-turn-cancel',
    behaviour:
      'A requested turn is cancelled as soon as it runs, and taken back while it waits; each ends as cancelled, once.',
    fault: 'A turn that is just being begun was not cancelled.',
  },
  {
    id: 'mob.requested-turn-lost',
    behaviour: 'A requested turn of a member that is retired or shut down ends as cancelled, begun or not.',
    fault: 'Turns that had not begun were left without an end.',
  },
  {
    id: 'mob.requested-turn-kept',
    behaviour:
      'After a crash a requested turn that had begun is reported lost, and one that waited is worked on.',
    fault: 'Requested turns that waited were passed over on resume.',
  },
];
