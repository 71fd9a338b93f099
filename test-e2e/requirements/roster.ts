import type { Requirement } from '../requirement.js';

/** Who is in the mob, as a host manages it. */
export const rosterRequirements: readonly Requirement[] = [
  {
    id: 'roster.spawn',
    behaviour:
      'The post-spawn hook is called with who was spawned; a spawn that fails is told once with member, profile and error.',
    fault: 'A failure was not told.',
  },
  {
    id: 'roster.spawn-many',
    behaviour:
      'Several spawned in one go are answered for one by one, each failure is told, and the hook is called once with the others, never with none.',
    fault: 'The hook was called with nobody.',
  },
  {
    id: 'roster.no-hooks',
    behaviour: 'Everything works without hooks.',
    fault: 'A hook that is not there was called.',
  },
  {
    id: 'roster.ensure',
    behaviour: 'To ensure a member answers who is there as it is, or makes one, once however many ask.',
    fault: 'It was spawned without looking.',
  },
  {
    id: 'roster.ensure-by-label',
    behaviour:
      'To ensure a member by a label answers who carries it, or makes one who does, once however many ask.',
    fault: 'The label was not given to the new one.',
  },
  {
    id: 'roster.ensure-ended',
    behaviour: 'Nobody is ensured once the runtime shuts down, also not a member that is there.',
    fault: 'It was asked who is admitted only when somebody had to be spawned.',
  },
  {
    id: 'roster.read',
    behaviour: 'The roster is listed by identity, and an unknown name is nobody.',
    fault: 'An unknown name answered the first.',
  },
  {
    id: 'roster.lives',
    behaviour:
      'A member is retired, respawned with a new session and its wires, reset, wired and unwired through the runtime.',
    fault: 'A reset was a respawn.',
  },
  {
    id: 'roster.ends',
    behaviour: 'Once the runtime ends, commands are refused and reading goes on.',
    fault: 'Retiring was not refused.',
  },
];
