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
  {
    id: 'members.respawn',
    behaviour:
      'Respawning bumps generation and fence, begins an empty session and keeps role, mode, labels, overrides, tools and wires, in one commit of retired, spawned and wired.',
    fault: 'The wires that the definition does not give were not made again.',
  },
  {
    id: 'members.respawn-whole',
    behaviour:
      'A respawn that cannot be kept, or whose spec is refused, leaves the member as it was and working.',
    fault: 'The member was stopped for good when the ledger refused it.',
  },
  {
    id: 'members.reset',
    behaviour:
      'Resetting gives an empty session, the next generation and a new fence in one member_reset; wires, labels and settings stay, waiting messages are removed, and a first turn that did not begin is cancelled.',
    fault: 'Messages that waited were left in the storage.',
  },
  {
    id: 'members.mend',
    behaviour:
      'A broken member takes no messages and no wires; resetting it, respawning it and retiring it mend that, and keep what can still be read of its settings.',
    fault: 'A broken member could not be respawned.',
  },
  {
    id: 'members.resume-session',
    behaviour:
      'Launching with a kept session goes on with its conversation and settings, without a kickoff, also after a restart.',
    fault: 'A member that went on with a session got a first turn.',
  },
  {
    id: 'members.resume-refused',
    behaviour:
      'A session that is missing, of another identity, role or mob, or that contradicts its transcript is a typed error and no new session.',
    fault: 'The role of the session was not looked at.',
  },
  {
    id: 'members.fork',
    behaviour:
      'A fork begins with what was said in the session of another as text, all of it or the last messages; the two go on apart.',
    fault: 'The first messages were taken instead of the last.',
  },
  {
    id: 'members.overrides',
    behaviour:
      'Profile, model, provider parameters, tools and instructions given with a spawn count instead of those of the profile, also after a restart.',
    fault: 'The settings were not kept with the session.',
  },
  {
    id: 'members.spec-checked',
    behaviour:
      'Overrides, budgets, tool access, launch modes and contexts that are not what they say are refused with a TypeError that names the field.',
    fault: 'The context was not checked to be plain JSON.',
  },
  {
    id: 'members.wire-to',
    behaviour:
      'A member is wired to whom it is given with the spawn; when that one is missing or broken nothing is spawned.',
    fault: 'A missing one was passed over.',
  },
  {
    id: 'members.customizer',
    behaviour:
      'The host may change every spec before it is used, told from what it comes, and gives tools again when a mob is opened; a changed identity or, on a respawn, profile is refused, and a member it fails on at open is broken.',
    fault: 'Opening a mob again did not ask it.',
  },
  {
    id: 'members.wait-kickoff',
    behaviour:
      'Waiting for kickoffs ends with the last first turn of those who were there, well or not; broken, retired and later members do not hold it up.',
    fault: 'Members that were spawned later were waited for.',
  },
  {
    id: 'members.wait-timeout',
    behaviour:
      'A wait that takes too long fails with the identities that are still to come; one that is aborted or shut down fails with that; no timer stays.',
    fault: 'Those that were done were named too.',
  },
  {
    id: 'members.wait-ready',
    behaviour: 'Members are ready as soon as the mob is started; turn-driven ones always are.',
    fault: 'Starting the mob told nobody.',
  },
  {
    id: 'members.spawn-policy',
    behaviour:
      'A message from outside to an identity that the policy maps spawns it once and is delivered; internal ones, unmapped identities and profiles that take no messages spawn nobody.',
    fault: 'Internal messages spawned too.',
  },
  {
    id: 'members.details',
    behaviour:
      'Details say whether a turn runs, how many messages wait, the tokens of the session and the start of what was said last, without waiting.',
    fault: 'The first thing said was shown instead of the last.',
  },
  {
    id: 'members.cancel-turn',
    behaviour:
      'Cancelling a turn ends the run at its next boundary; without one it does nothing, and an unknown identity is refused.',
    fault: 'An unknown identity was passed over.',
  },
  {
    id: 'members.helper',
    behaviour:
      'A helper does one task, answers at most so many bytes of whole characters, and is retired however it ends.',
    fault: 'A helper whose task failed was not retired.',
  },
  {
    id: 'members.one-life',
    behaviour:
      'Whatever is spawned, wired, retired, respawned and reset while the storage fails and processes crash, no identity lives twice at a time, and generations and fences only grow.',
    fault: 'Retired identities were forgotten with their last generation.',
  },
];
