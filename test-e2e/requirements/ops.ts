import type { Requirement } from '../requirement.js';

/** Delivery, what core and di promise beside storage, and the examples. */
export const opsRequirements: readonly Requirement[] = [
  {
    id: 'delivery.sinks',
    behaviour:
      'The sink `log` writes one line a message; `mob_member` sends inside the mob, in the same interaction.',
    fault: 'Line breaks were left in the line; the message was sent as one from outside.',
  },
  {
    id: 'delivery.tool',
    behaviour:
      'The tool `deliver` checks its arguments before anything is sent, sends as the agent, and answers with JSON.',
    fault: 'The interaction was not passed on; a recipient that no record can hold got past the check.',
  },
  {
    id: 'delivery.plugin',
    behaviour:
      'The plugin offers the tool and both sinks, finds mob and router when needed, and does not start without a router.',
    fault: 'The member sink was given another part than the mob; the check for a router was left out.',
  },
  {
    id: 'core.tail',
    behaviour:
      'Following a log gives what is kept over several pages, then what is appended, each once, in order, none missed.',
    fault: 'The cursor jumped to the end of the log after a page; being woken during a read was forgotten.',
  },
  {
    id: 'core.tail-abort',
    behaviour:
      'Following ends at once when it is aborted, also while it waits, and stops listening however it ends.',
    fault: 'The abort woke nobody; the reader stayed subscribed after an error of the store.',
  },
  {
    id: 'core.tail-stale',
    behaviour:
      'A cursor beyond the log, or overtaken by pruning, also behind a filter that lets nothing through, is an error.',
    fault: 'Either comparison with the bounds of the page was left out.',
  },
  {
    id: 'core.page-cursor',
    behaviour: 'A page that more follow goes on from its last entry.',
    fault: 'A full page went on from the end of the log.',
  },
  {
    id: 'core.arguments',
    behaviour:
      'Names, texts, fields, queries, bounds and commits that some store could not take are a TypeError for all.',
    fault:
      'Each rule in turn: half surrogate pairs, `__`, inherited names, unknown filters, no bound, a record named twice.',
  },
  {
    id: 'core.clock',
    behaviour:
      'A wait may be longer than a timer of the machine; an aborted one ends at once and leaves no timer.',
    fault: 'The wait was given to one timer whole; the timer was not cancelled.',
  },
  {
    id: 'core.error-brand',
    behaviour: 'An error of mobkit is known as one from another copy of the package, and by its code.',
    fault: 'It was asked for with `instanceof`.',
  },
  {
    id: 'core.structural-fields',
    behaviour:
      'Each of the 27 kinds of ledger events is found by its run, its step and the member it is about.',
    fault: '`external_peer_unwired` was left out.',
  },
  {
    id: 'core.manual-clock',
    behaviour:
      'The clock of the tests calls each timer at its moment, the earliest first, equal ones as they were set.',
    fault: 'Timers were called in the order in which they were set.',
  },
  {
    id: 'di.order',
    behaviour:
      'Resources open on start in the order listed and close on stop in reverse; outside of that they are not to be had.',
    fault: 'What was started first was stopped first; a closed resource could still be resolved.',
  },
  {
    id: 'di.rollback',
    behaviour:
      'A start that fails closes what was opened; whatever does not close, everything is closed and each failure reported.',
    fault: 'Nothing was closed; the start error came last; the first failure to stop ended the stopping.',
  },
  {
    id: 'di.last-claim',
    behaviour:
      'Of two plugins that claim a slot the later wins, and a resource that lost all its slots is never opened.',
    fault: 'A claim did not take the slot from its holder.',
  },
  {
    id: 'di.collect',
    behaviour: 'Contributions are collected in the order of the plugins; none when nobody contributed.',
    fault: 'Collecting what nobody contributed to threw.',
  },
  { id: 'di.names', behaviour: 'Two plugins of one name are refused.', fault: 'Names were not remembered.' },
  {
    id: 'examples.run',
    behaviour: 'Each example takes a package alone, without a container, runs, and prints what it should.',
    fault: 'The router did not look at the channel of its rules.',
  },
  {
    id: 'examples.documents',
    behaviour: 'The code that READMEs of packages and plugins and the architecture page show compiles.',
    fault: 'A field of a delivery request was given another name.',
  },
  {
    id: 'core.backoff',
    behaviour: 'Pauses between attempts double from 50 ms up to the longest, less up to a half at random.',
    fault: 'The longest pause was not held to.',
  },
  {
    id: 'core.within',
    behaviour:
      'A wait with a limit gives what came in time or failed in time, gives up after it, and leaves no timer.',
    fault: 'The timer was not cancelled.',
  },
  {
    id: 'core.shown-error-text',
    behaviour: 'An error is shown without the tokens and passwords its message repeats, and cut.',
    fault: 'The password of an address was left in.',
  },
  {
    id: 'core.error-text',
    behaviour: 'Whatever was thrown has words, and asking for them never throws.',
    fault: 'What cannot be made text was not caught.',
  },
  {
    id: 'core.process',
    behaviour: 'An awaited delay keeps the process alive; a background timer does not.',
    fault: 'Timers were background ones whatever was asked.',
  },
  {
    id: 'di.starts-once',
    behaviour: 'What was stopped does not start again, as it would rest on what was closed: assemble anew.',
    fault: 'A start after a stop began from the first hook.',
  },
];
