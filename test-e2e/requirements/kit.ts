import type { Requirement } from '../requirement.js';

/** What the contract kit promises to whoever writes a store. */
export const kitRequirements: readonly Requirement[] = [
  {
    id: 'kit.sound',
    behaviour: 'A sound store passes every chapter.',
    fault: 'The journal store forgot to sort partitions.',
  },
  {
    id: 'kit.faults',
    behaviour: 'A store with one fault fails the chapter of that promise, and no other.',
    fault: 'The chapter `limits` did not ask for a limit of 0.',
  },
  {
    id: 'kit.outside',
    behaviour: 'The command proves a store outside of the project, with the packages as they are published.',
    fault: 'The package had no `bin`.',
  },
  {
    id: 'kit.outside-fails',
    behaviour: 'A store that breaks a promise is told with exit code 1, and its card names the chapter.',
    fault: 'The exit code was 0 whatever failed.',
  },
  {
    id: 'kit.usage',
    behaviour: 'A module that cannot be tested is told with exit code 2 and a sentence.',
    fault: 'A module without a harness was a card without contracts.',
  },
  {
    id: 'kit.discovery-sound',
    behaviour: 'A sound source of members or of edges passes everything that it can be asked.',
    fault: 'The source in memory answered with what it keeps.',
  },
  {
    id: 'kit.discovery-faults',
    behaviour: 'A source of members or of edges with one fault fails the chapter of that promise.',
    fault: 'The chapter `own` changed nothing in the answer.',
  },
  {
    id: 'kit.planted-sound',
    behaviour: 'The kit finds nothing wrong with a delivery, a gate and the other services that are sound.',
    fault: 'The suite of deliveries wanted the newest of its history first.',
  },
  {
    id: 'kit.planted-faults',
    behaviour: 'Such a service that breaks a promise is noticed by the test of that promise.',
    fault: 'The suite of deliveries did not look at what a sink was given when a message was refused.',
  },
  {
    id: 'kit.planted-all',
    behaviour: 'Each test of such a service notices one fault at least.',
    fault: 'A test of the suite of deliveries that expects nothing was added.',
  },
  {
    id: 'kit.planted-slow',
    behaviour: 'A test that is only slow on a busy machine is not counted as one that noticed a fault.',
    fault: 'Whoever was not done after 100 ms had noticed it.',
  },
];
