import type { Requirement } from '../requirement.js';

/** What is asserted, and where it contradicts itself. */
export const memoryRequirements: readonly Requirement[] = [
  {
    id: 'memory.facts',
    behaviour: 'A fact is kept with all that was said of it, under names in one spelling.',
    fault: 'Names were kept in the case in which they were given.',
  },
  {
    id: 'memory.stores',
    behaviour: 'Facts and conflicts of every store are counted, in one order.',
    fault: 'Conflicts were not counted.',
  },
  {
    id: 'memory.conflict',
    behaviour: 'A conflict about an entity and a topic is told whatever store it is in, and counts once.',
    fault: 'A conflict that was signalled again was counted again.',
  },
  {
    id: 'memory.conflict-for',
    behaviour: 'The first conflict that an entity, a topic or both refer to is found.',
    fault: 'The keys of conflicts were joined by `~`, so that `a!` came before `a`.',
  },
  {
    id: 'memory.filters',
    behaviour:
      'Facts and conflicts are found by entity, topic and store, facts in the order in which they came.',
    fault: 'The store was left out of the filter.',
  },
  {
    id: 'memory.text',
    behaviour: 'A text is found in names, facts and reasons, whatever the case.',
    fault: 'The text was compared in the case of the fact.',
  },
  {
    id: 'memory.pages',
    behaviour: 'Facts can be read a page at a time, and a page says whether there are more.',
    fault: 'A page of the limit said that there are more, also when it was the last.',
  },
  {
    id: 'memory.refused',
    behaviour: 'Nothing is kept of a request that is wrong, and its error names the field.',
    fault: 'The length of metadata was not looked at.',
  },
  {
    id: 'memory.resolve',
    behaviour: 'A conflict can be resolved, in one store or all, and who did and why is kept.',
    fault: 'Resolving left the change out of the log.',
  },
  {
    id: 'memory.delete',
    behaviour: 'A fact can be taken out with what it said, and its id is given to no other.',
    fault: 'The next number was the count of facts.',
  },
  {
    id: 'memory.retention',
    behaviour: 'The newest facts are kept up to a bound, and every conflict.',
    fault: 'Facts that were deleted still counted towards the bound.',
  },
  {
    id: 'memory.restart',
    behaviour: 'A ledger goes on where one of another process ended.',
    fault: 'The next number was kept in the process alone.',
  },
  {
    id: 'memory.shared',
    behaviour: 'Several ledgers on one storage lose, double and miscount nothing when they write at once.',
    fault: 'The counts were written over whatever version was kept.',
  },
  {
    id: 'memory.unavailable',
    behaviour: 'A storage that does not answer is told as such, and nothing is kept then.',
    fault: "The storage's own error was passed on.",
  },
  {
    id: 'memory.one-write',
    behaviour: 'Indexing is one commit of what is new, of the counts and of what goes, however much is kept.',
    fault: 'What goes was deleted by a write of its own.',
  },
  {
    id: 'memory.conflict-bound',
    behaviour: 'One conflict more than is kept is refused; none is forgotten.',
    fault: 'The bound of conflicts was not looked at.',
  },
  {
    id: 'memory.plugin',
    behaviour: 'The plugin provides the ledger over the storage listed before, with its bound.',
    fault: 'The plugin left its options out.',
  },
  {
    id: 'memory.rpc',
    behaviour:
      'The methods of the memory answer in the names of the wire, with null where nothing was given.',
    fault: 'An assertion without metadata had no field of that name.',
  },
  {
    id: 'memory.rpc-refused',
    behaviour:
      'Wrong params of the memory are refused in the words that clients know, with the field of the wire.',
    fault: 'The field of an error kept the name it has in process.',
  },
  {
    id: 'memory.rpc-unavailable',
    behaviour:
      'A storage that does not answer, and a runtime without a ledger, are told by their own errors.',
    fault: 'A runtime without a ledger failed by itself.',
  },
  {
    id: 'memory.command',
    behaviour: 'People keep, find, resolve and delete facts of the running mob from the command line.',
    fault: 'Resolving sent nobody to be kept.',
  },
  {
    id: 'memory.arguments',
    behaviour: 'What a memory command does not take is refused.',
    fault: 'An option of another action was passed over.',
  },
  {
    id: 'memory.config',
    behaviour: 'The config says how many assertions are kept.',
    fault: 'The bound was not read.',
  },
];
