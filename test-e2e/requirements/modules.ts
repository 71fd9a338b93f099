import type { Requirement } from '../requirement.js';

/** Helper processes: how they are started, supervised, asked and ended. */
export const modulesRequirements: readonly Requirement[] = [
  {
    id: 'modules.event-line',
    behaviour: 'An envelope of an event is written as the line that is read as the same envelope.',
    fault: 'The source was always `module`.',
  },
  {
    id: 'modules.typed-line',
    behaviour:
      'A line is read as the one event that is expected of a module, its payload decoded; an agent event, another type and another shape are typed errors of their own.',
    fault: 'The type of the event was not compared.',
  },
  {
    id: 'modules.capability-line',
    behaviour:
      'What a program says of itself is read with its contract version; a missing one, a blank one and what is no object are told apart.',
    fault: 'A blank version passed.',
  },
  {
    id: 'rpc.events-subscribe',
    behaviour:
      'Subscribing to events answers the newest 256 that match, as envelopes and as frames in which no name begins a field of its own, from a given event on with that event.',
    fault: 'The event to replay from was left out.',
  },
  {
    id: 'rpc.events-subscribe-scope',
    behaviour:
      'A subscription keeps to the agent that is named, in all its incarnations by its identity, or to what is told of interactions.',
    fault: 'Identities were not compared.',
  },
  {
    id: 'rpc.events-subscribe-refused',
    behaviour:
      'A scope that is none, an agent scope without an agent and an event that is not to be had are refused with their words and the field.',
    fault: 'A blank id was looked up like any other.',
  },
  {
    id: 'rpc.call-tool',
    behaviour:
      'A tool of a loaded module is called with its arguments and answers beside both names; without both names it is refused with its words.',
    fault: 'The arguments were left out.',
  },
  {
    id: 'rpc.module-method',
    behaviour:
      'A method with a slash that is none of mobkit is a call of the module before the first slash, by the whole name; one that is not loaded is -32601 with its words.',
    fault: 'The module was the text before the last slash.',
  },
  {
    id: 'rpc.spawn-module',
    behaviour:
      'A module is spawned by its id alone; one that is not configured is refused as invalid params, in a spawn and in a reconcile, before anything happens.',
    fault: 'A reconcile did not look whether a module is configured.',
  },
  {
    id: 'rpc.modules-list',
    behaviour:
      'The modules are listed with state, process, restarts and last words, with their transitions and the stages of the runtime.',
    fault: 'The first transition had no `from` at all.',
  },
];
