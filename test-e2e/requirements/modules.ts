import type { Requirement } from '../requirement.js';

/** Helper processes: how they are started, supervised, asked and ended. */
export const modulesRequirements: readonly Requirement[] = [
  {
    id: 'kit.modules-sound',
    behaviour: 'The kit finds nothing wrong with a sound host of modules.',
    fault: 'The kit wanted hosts to name modules in the order in which they started.',
  },
  {
    id: 'kit.modules-faults',
    behaviour: 'The kit notices a host of modules that breaks a promise.',
    fault: 'The kit did not look at the ids of events.',
  },
  {
    id: 'modules.retries',
    behaviour:
      'A module is started again until it is healthy, after ever longer pauses, as far as its budget goes; its transitions and the attempt of each say so.',
    fault: 'The budget allowed one restart less.',
  },
  {
    id: 'modules.exhausted',
    behaviour:
      'A module whose budget is used up is stopped and not loaded; a warning has why and what it wrote last, and whoever asked for it gets the error.',
    fault: 'The warning left out what the process had written.',
  },
  {
    id: 'modules.boot',
    behaviour: 'Those that are wanted start in order and once each; one that fails keeps none of the others.',
    fault: 'A failure ended the start.',
  },
  {
    id: 'modules.reconcile',
    behaviour:
      'Reconciling starts what is not loaded, in order, until one does not start; an unknown one is refused before anything has happened.',
    fault: 'Every one was started anew.',
  },
  {
    id: 'modules.reconciled-crash',
    behaviour:
      'A module that a reconcile starts may crash once and is healthy then; it is ended with the host and named.',
    fault: 'That it is restarted was no transition.',
  },
  {
    id: 'modules.lifelong',
    behaviour:
      'That a healthy module ends is noticed whenever it does, calls fail with a typed error that can be tried again, and it is started again.',
    fault: 'Nobody listened to the end of a process that was open.',
  },
  {
    id: 'modules.policies',
    behaviour: '`always` starts again whatever ended, `on_failure` what failed, `never` nothing.',
    fault: 'Code 0 counted as a failure.',
  },
  {
    id: 'modules.healthy-stays',
    behaviour: 'A healthy module is left alone, whatever its policy.',
    fault: '`always` started a healthy one again at once.',
  },
  {
    id: 'modules.respawn',
    behaviour: 'To spawn one that runs ends it first, and its earlier failures count no more.',
    fault: 'The old process was not ended.',
  },
  {
    id: 'modules.no-session',
    behaviour:
      'When this process cannot start another, as without a descriptor left, that is a failure as any other: told, tried again, and counted.',
    fault: 'What the making of a session threw was let through: the module stayed at its start for good.',
  },
  {
    id: 'modules.cannot-end',
    behaviour: 'Nothing is started beside a process that cannot be ended; that is said, told and counted.',
    fault: 'The new one was started all the same.',
  },
  {
    id: 'modules.cleanup-failed',
    behaviour: 'A start that failed and cannot be cleaned up is not tried again; the error names both.',
    fault: 'It was tried again.',
  },
  {
    id: 'modules.groups',
    behaviour: 'What a module started ends with it, when it is ended and when it crashes.',
    fault: 'Only the process itself got the signals.',
  },
  {
    id: 'modules.transitions',
    behaviour: 'The newest 1024 transitions are kept.',
    fault: 'All that were kept were told, up to twice as many.',
  },
  {
    id: 'modules.ready-callable',
    behaviour: 'Whoever hears that a module is ready finds it loaded.',
    fault: 'The event was told before the module was healthy.',
  },
  {
    id: 'modules.shutdown',
    behaviour:
      'The end of the host ends all modules at once, starts none, names those that were loaded, sorted, and answers the same again.',
    fault: 'What waited to start was not told.',
  },
  {
    id: 'modules.environment',
    behaviour:
      'A module gets its environment, the first of two values of a name, and neither warnings nor its tail repeat its values.',
    fault: 'The last of two values was taken.',
  },
  {
    id: 'modules.secret-lines',
    behaviour:
      'Of a secret of several lines no line is repeated, and of two that begin alike nothing of the longer one.',
    fault: 'Only whole values were taken out, in the order in which they were given.',
  },
  {
    id: 'modules.secret-cut',
    behaviour:
      'Neither a tail that is cut in the middle of a secret repeats a piece of it, nor a warning about a line that is not JSON.',
    fault: 'The tail was cut before secrets were taken out of it.',
  },
  {
    id: 'modules.give-up',
    behaviour: 'A start that is given up leaves nothing behind, and is no failure.',
    fault: 'It counted as a failure.',
  },
  {
    id: 'modules.lines-call',
    behaviour: 'A call over lines sends method and params, and each caller gets its own answer.',
    fault: 'The params were left out.',
  },
  {
    id: 'modules.lines-null-error',
    behaviour: 'An answer over lines whose `error` is null is its result.',
    fault: 'Whatever had a field `error` was a failure.',
  },
  {
    id: 'modules.lines-unkept',
    behaviour:
      'Events over lines whose id or type no event log could keep are read over, with one warning for each process.',
    fault: 'Ids and types of events were taken as they came.',
  },
  {
    id: 'modules.lines-deadline',
    behaviour: 'A call ends at its deadline; an answer that comes later is nobody’s.',
    fault: 'A late answer was taken for an event.',
  },
  {
    id: 'modules.lines-abort',
    behaviour: 'A call that is aborted fails with the reason it was aborted with.',
    fault: 'It failed as one that took too long.',
  },
  {
    id: 'modules.lines-events',
    behaviour: 'Events of a module are told as they are, under ids that no other of its processes has.',
    fault: 'The ids were told as they came.',
  },
  {
    id: 'modules.lines-noise',
    behaviour: 'What is no event is read over and warned of once for each process.',
    fault: 'Every such line was warned of.',
  },
  {
    id: 'modules.lines-claim',
    behaviour: 'A module has events in its own name alone.',
    fault: 'The name was not looked at.',
  },
  {
    id: 'modules.lines-handshake',
    behaviour: 'A module that says what it answers is asked for nothing else.',
    fault: 'What it said was not kept.',
  },
  {
    id: 'modules.lines-mcp-required',
    behaviour: 'A module that another part is replaced by is asked over MCP alone.',
    fault: 'It was asked whatever it spoke.',
  },
  {
    id: 'modules.not-loaded',
    behaviour: 'A module that is not loaded is asked nothing.',
    fault: 'Only unknown ones were refused.',
  },
  {
    id: 'modules.lines-start',
    behaviour:
      'A start fails with a typed error when the first line is no event of the module, is too long, or does not come.',
    fault: 'The start had no deadline.',
  },
  {
    id: 'modules.lines-command',
    behaviour: 'A command that cannot be started or says nothing fails with a typed error.',
    fault: 'One that is not there counted as one that said nothing.',
  },
  {
    id: 'modules.lines-broken',
    behaviour: 'A module that closes its output or says a line without an end is started anew.',
    fault: 'A closed output was not noticed.',
  },
  {
    id: 'modules.lines-unread',
    behaviour: 'A module that does not read what it was sent is sent nothing more.',
    fault: 'It was sent whatever came.',
  },
  {
    id: 'modules.mcp-ready',
    behaviour:
      'An MCP server is ready when it has said what it offers, and is asked in one session from then on.',
    fault: 'The event that it is ready did not name the tools.',
  },
  {
    id: 'modules.mcp-answers',
    behaviour:
      'An answer is its texts, parsed when they are JSON; a result with anything else is all of its blocks.',
    fault: 'Only the first text was taken.',
  },
  {
    id: 'modules.mcp-failed',
    behaviour: 'A tool that fails, or is not there, fails the call with what is known about it.',
    fault: 'A result that is an error was an answer.',
  },
  {
    id: 'modules.mcp-side-by-side',
    behaviour:
      'Calls run side by side, each with its own deadline and abort; one that hangs holds up no other.',
    fault: 'Calls waited for each other.',
  },
  {
    id: 'modules.mcp-ended',
    behaviour:
      'What is under way when the process ends fails with a typed error, and the server is started again.',
    fault: 'What was under way waited for its deadline.',
  },
  {
    id: 'modules.mcp-hanging',
    behaviour:
      'A server that answers no ping, at its interval or after a call that timed out, is started again.',
    fault: 'A ping without an answer changed nothing.',
  },
  {
    id: 'modules.mcp-start-deadline',
    behaviour: 'Connecting and listing have one deadline, and the error names the step.',
    fault: 'The step was not named.',
  },
  {
    id: 'modules.mcp-handshake',
    behaviour:
      'A server that ends during the handshake is started again like any other, and the warning has its code and words.',
    fault: 'An end during the handshake was taken for one without a code.',
  },
  {
    id: 'modules.mcp-changed',
    behaviour: 'Tools that a server has learnt can be called at once, over all pages.',
    fault: 'The notice was not listened to.',
  },
  {
    id: 'modules.mcp-nagged',
    behaviour: 'A server that says again and again that its tools changed is asked for them once at a time.',
    fault: 'Each time they were asked for at once.',
  },
  {
    id: 'modules.mcp-close',
    behaviour: 'A server that goes on after its input is ended by force within its grace.',
    fault: 'Nothing but the end of its input told it.',
  },
  {
    id: 'modules.backoff',
    behaviour: 'Pauses double up to the longest, and begin anew after the module was healthy for a window.',
    fault: 'The pause stayed what it was.',
  },
  {
    id: 'modules.intensity',
    behaviour: 'A module is restarted so many times within a window that slides, and not more.',
    fault: 'Restarts of before the window counted, too.',
  },
  {
    id: 'modules.clock-back',
    behaviour: 'A clock that goes back makes the window of restarts no longer.',
    fault: 'Restarts of the future were counted as those of the window.',
  },
  {
    id: 'modules.long-backoff',
    behaviour: 'A pause is a number, however often a module was started again.',
    fault: 'Pauses were doubled without an end.',
  },
  {
    id: 'modules.in-a-row',
    behaviour: 'Starts in a row that fail are bounded by the budget, however slowly they fail.',
    fault: 'Only those of the window counted.',
  },
  {
    id: 'modules.once',
    behaviour: 'A program that says one line and ends is answered by that line as it stands.',
    fault: 'A line without an end was lost.',
  },
  {
    id: 'modules.once-refused',
    behaviour:
      'One that says nothing, no JSON or too much, or goes on, fails by a typed error, and nothing of it is left.',
    fault: 'Its deadline ended with its line.',
  },
  {
    id: 'modules.once-command',
    behaviour:
      'One that is not there fails by a typed error, and one that is given up by the reason for that.',
    fault: 'Giving up was told as a deadline.',
  },
  {
    id: 'modules.alone',
    behaviour: 'One MCP server is kept up without a mob, is called, looked at and ended.',
    fault: 'Closing ended nothing.',
  },
  {
    id: 'modules.alone-refused',
    behaviour: 'A server that does not start is an error, and a start that is given up the reason for that.',
    fault: 'The reason was lost.',
  },
  {
    id: 'modules.config',
    behaviour: 'Modules that cannot be meant are refused by id and field, numbers that cannot by name.',
    fault: 'Two of one id were one.',
  },
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
  {
    id: 'shape.router-module',
    behaviour: 'Plan and report of a shape say whether a module is loaded that advises where messages go.',
    fault: 'It was said of any router whose routes may change.',
  },
  {
    id: 'modules.router',
    behaviour:
      'A loaded module `router` is asked with each request for a route, and what it says counts where it can be meant; without one nothing is asked.',
    fault: 'Limits out of range were taken.',
  },
  {
    id: 'modules.sink',
    behaviour:
      'A loaded module `delivery` is handed a message with its resolution and key, and its adapter is on record.',
    fault: 'The key was left out.',
  },
  {
    id: 'modules.sink-carries',
    behaviour:
      'A loaded module `delivery` carries for every sink but that of members; one that is not loaded for none.',
    fault: 'It carried for members, too.',
  },
  {
    id: 'modules.sink-outcome',
    behaviour:
      'What the module refuses has failed, and what it did not answer is unknown: it is not sent again by itself.',
    fault: 'A call that was not answered was a failure.',
  },
  {
    id: 'modules.injector',
    behaviour:
      'A loaded module `scheduling` is asked at each claim what to tell a member; an injection without member or message is an error that names the field.',
    fault: 'A blank message was taken.',
  },
  {
    id: 'modules.memory',
    behaviour:
      'A loaded module `memory` is asked for the conflict about something; what cannot be read is an error that names the field.',
    fault: 'A time that is none was taken.',
  },
  {
    id: 'app.modules-config',
    behaviour:
      'The config lists the modules that start with the app, in order, with their environment and boundary, those that do not, and the limits of their supervision.',
    fault: 'Those with `start = false` started, too.',
  },
  {
    id: 'app.modules-manifest',
    behaviour:
      'The modules of `mobkit.toml` are known, and those start that the config names; how they are run is said there alone.',
    fault: 'All of them started.',
  },
  {
    id: 'app.modules-refused',
    behaviour: 'A config or manifest with a module that cannot be meant is refused by file and field.',
    fault: 'A command beside that of the manifest was passed over.',
  },
  {
    id: 'app.event-time',
    behaviour: 'An event is shown whatever time a module gave it, also one that no calendar has.',
    fault: 'The time was written as a date: the command failed at an event that has none.',
  },
  {
    id: 'app.module-recovery',
    behaviour:
      'A module that crashes at its start while members work and a stream is open comes back by itself, its failure is in the log, the stream has every event, and the shutdown ends it, in order, with nothing left.',
    fault:
      'The pause of the config was not handed to the supervisor, nor its budget: the module was given up.',
  },
  {
    id: 'app.modules',
    behaviour:
      '`mobkit modules` shows how each module is, begins one anew, and refuses one that is not configured.',
    fault: 'A restart only started what was not loaded.',
  },
  {
    id: 'delivery.carries',
    behaviour:
      'A sink that carries for others now is asked before that of the name, at each attempt, wherever it is listed.',
    fault: 'The last sink of either kind was asked.',
  },
  {
    id: 'app.module-lifecycle',
    behaviour:
      'With modules for router, delivery and scheduling the app starts, makes routes to its members, has a schedule tell a member, resolves and delivers once for a key, and ends in order with nothing left.',
    fault: 'The injector was not provided.',
  },
  {
    id: 'app.module-parts',
    behaviour:
      'With modules for router and delivery, sink and adapter are what their tools say, also for the notice of an approval, and a message that the tool refuses has failed.',
    fault: 'The sink was not contributed.',
  },
  {
    id: 'app.module-parts-fail',
    behaviour:
      'A router module that fails resolves nothing and is named with its tool; an approval waits all the same, and nothing is delivered.',
    fault: 'A failure was taken for no advice.',
  },
  {
    id: 'app.module-memory',
    behaviour:
      'An action about something on which a memory module knows of a conflict, or cannot say, is held back and on record.',
    fault: 'The module was not asked, as its answers were not contributed.',
  },
  {
    id: 'app.module-schedules',
    behaviour:
      'At a tick a member is told what a scheduling module says; a claim whose module failed is listed with the tool that failed.',
    fault: 'The injector was not provided.',
  },
  {
    id: 'app.module-boundary',
    behaviour:
      'A module that plays a part and does not speak MCP is refused wherever it is asked: in routing, delivery, approvals, ticks and calls; members are reached without it.',
    fault: 'Such a module was taken for one that is not loaded.',
  },
  {
    id: 'modules.one-line',
    behaviour:
      'The one line of a program is read as an event, as the event that is expected, or as what it can do, and is refused by which of these it is not.',
    fault: 'A line without a version was one of version `undefined`.',
  },
  {
    id: 'app.modules-check',
    behaviour:
      '`mobkit check` refuses modules that cannot be meant, and warns of no sink where a module delivers for all of them.',
    fault: 'Modules were not looked at.',
  },
  {
    id: 'app.module-router',
    behaviour:
      'An app routes by another process of mobkit that runs as its module `router`, and by itself when that one is not loaded any more.',
    fault: 'The advisor was not provided.',
  },
  {
    id: 'rpc.spawn-modes',
    behaviour: 'Capabilities say that modules can be spawned where there is a host of them, and only there.',
    fault: 'Members alone were named.',
  },
];
