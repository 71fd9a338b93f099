import type { Requirement } from '../requirement.js';

export const appRequirements: readonly Requirement[] = [
  {
    id: 'app.demo',
    behaviour:
      'A message to the lead of the demo leads to runs of all four members under its interaction id, kept in order.',
    fault: 'send_message gave the peer another interaction id',
  },
  {
    id: 'app.shutdown-report',
    behaviour:
      'SIGTERM ends the server with exit code 0 and a report in which every accepted event is persisted.',
    fault: 'the shutdown report was not logged',
  },
  {
    id: 'app.once',
    behaviour: '`up --once` prints the answer of the orchestrator to this message and exits with 0.',
    fault: 'took answers of other interactions',
  },
  {
    id: 'app.once-failed',
    behaviour: '`up --once` exits with 1 when a run failed.',
    fault: 'failed runs were not noted',
  },
  {
    id: 'app.resume',
    behaviour:
      'After SIGKILL the next start has the same roster and wiring, and the ledger goes on at the next cursor.',
    fault: 'the fold wired one side only',
  },
  {
    id: 'app.next-cursor',
    behaviour: 'The event log goes on numbering after a restart, without a hole.',
    fault: 'the counter began one higher after opening',
  },
  {
    id: 'app.lost-turn',
    behaviour:
      'The next start reports the run that SIGKILL interrupted, and works on messages that waited behind it.',
    fault: 'the first lost turn was not logged',
  },
  {
    id: 'app.stream-restart',
    behaviour: 'A live stream resumes after a restart of the server, missing and repeating nothing.',
    fault: 'a resumed agent stream began at the live position',
  },
  {
    id: 'app.one-owner',
    behaviour:
      'A second process on a state directory is refused by name; after SIGKILL of the owner the next is admitted.',
    fault: 'the lock was taken with begin deferred',
  },
  {
    id: 'app.hang-up',
    behaviour:
      'A terminal that is closed ends the app in order, with its helper processes, however often that is told.',
    fault: 'SIGHUP was left to the system, which ends the process at once',
  },
  {
    id: 'app.no-user-name',
    behaviour:
      '`approve`, `reject` and `memory resolve` ask for `--by` where the user has no name, as in many containers.',
    fault: 'The error of the system was passed on.',
  },
  {
    id: 'app.log-unwritable',
    behaviour: 'The app goes on when its log cannot be written, as on a full disk.',
    fault: 'an error of the destination of the log had no listener',
  },
  {
    id: 'app.private',
    behaviour: 'The state directory is 0700 and its files are 0600.',
    fault: 'server.json was written 0644',
  },
  {
    id: 'app.definition-changed',
    behaviour:
      'A mob.toml that differs from the stored definition is refused with the difference and both ways out.',
    fault: 'the error was passed on as the engine threw it',
  },
  {
    id: 'app.state-unusable',
    behaviour: 'A state directory that cannot be made is named in the error.',
    fault: 'the message left out the directory',
  },
  {
    id: 'app.help',
    behaviour: '`--version` and `--help` print what they should.',
    fault: 'a command was left out of the usage',
  },
  {
    id: 'app.usage',
    behaviour: 'A wrong command line is named and exits with 2.',
    fault: 'a wrong command line exited with 1',
  },
  {
    id: 'app.check',
    behaviour: '`check` prints each diagnostic with line, column and path; 1 on an error.',
    fault: 'exited with 0 whatever was found',
  },
  {
    id: 'app.check-models',
    behaviour:
      '`check` warns of models that no provider knows, with path, line and column; not where a plugin may bring them.',
    fault: 'The position of the model was not asked for.',
  },
  {
    id: 'app.bad-mob',
    behaviour: '`up` refuses a mob whose member names an unknown profile, with its path.',
    fault: 'the diagnostics were shown without their paths',
  },
  {
    id: 'app.port-in-use',
    behaviour: 'A port that is taken is named, before any agent works.',
    fault: 'the listener was listed last, after members had worked',
  },
  {
    id: 'app.loopback',
    behaviour: 'Another address than loopback is refused.',
    fault: 'every host was bound',
  },
  {
    id: 'app.no-server',
    behaviour: 'Without a server, events and members read the store; send and --follow name `npm start`.',
    fault: 'events demanded a server',
  },
  {
    id: 'app.plugins',
    behaviour: '`plugins` lists the plugins in order, with those a config adds.',
    fault: 'plugins of the config were left out',
  },
  {
    id: 'app.terminal-safe',
    behaviour: 'Control characters of agent text do not reach a terminal.',
    fault: 'JSON lines were printed as JSON.stringify gives them',
  },
  {
    id: 'app.follow',
    behaviour: '`events --follow` prints each event once, from the beginning and live.',
    fault: 'following began at the first event again',
  },
  {
    id: 'app.streams',
    behaviour: 'Each of the three streams resumes after the id of a frame.',
    fault: 'Last-Event-ID was ignored on agent streams',
  },
  {
    id: 'app.stale',
    behaviour: 'A cursor that the log never reached is answered with 410, on each stream.',
    fault: 'a cursor beyond the ledger was taken',
  },
  {
    id: 'app.foreign',
    behaviour: 'Foreign origins and host names are refused by the running app.',
    fault: 'every origin was taken',
  },
  {
    id: 'app.ready',
    behaviour: 'The app is ready when it says where it listens.',
    fault: 'the runtime was not attached to the listener',
  },
  {
    id: 'app.state-full',
    behaviour: 'A state directory without room is named in the error, and can be used once there is room.',
    fault: 'openError left the directory out of what it says of a full disk',
  },
  {
    id: 'app.state-own',
    behaviour: 'An empty state directory is closed to others; one in use that they may read is warned of.',
    fault: 'the directory was used as it is',
  },
  {
    id: 'app.state-unmakeable',
    behaviour: 'The app ends, naming the directory, where mkdir fails although the parent is there.',
    fault: 'the directory was made with mkdirSync({ recursive: true }), which never returned',
  },
  {
    id: 'app.pipe',
    behaviour: 'A command ends at its next line when whoever reads its output has left.',
    fault: 'EPIPE on standard output was left to itself',
  },
  {
    id: 'app.dash',
    behaviour: 'After -- an argument may begin with a dash.',
    fault: '--help was looked for behind -- too',
  },
  {
    id: 'app.check-config',
    behaviour: '`check` finds wrong routes, unknown keys and plugins that cannot be loaded in the config.',
    fault: 'check parsed the config without making a router or loading plugins',
  },
  {
    id: 'app.member',
    behaviour:
      '`members` with an identity prints state, generation, profile, model, wiring, session and last error of one member, as text and as JSON, with and without a server; an unknown one is MOB_MEMBER_NOT_FOUND and exit code 1.',
    fault: 'The failure of a run was not noted with its member.',
  },
  {
    id: 'app.retention',
    behaviour:
      'Events beyond the configured age or number go, and dead letters beyond the age, at start and hourly, in parts.',
    fault: 'The timer was not set again.',
  },
  {
    id: 'app.retention-failing',
    behaviour: 'That nothing can be removed is said once, and that it works again.',
    fault: 'Every failure was said.',
  },
  {
    id: 'app.retention-none',
    behaviour: 'A retention that the event log cannot follow is warned of at start.',
    fault: 'A missing `prune` counted as nothing to remove.',
  },
  {
    id: 'app.transfer',
    behaviour:
      'Export and import move everything between SQLite and Postgres, both ways, with cursors and text as they were; the mob resumes there.',
    fault: 'Logs were appended from 1.',
  },
  {
    id: 'app.transfer-other',
    behaviour:
      'An import into a store that holds something else, or that has an owner, is refused and says so.',
    fault: 'What the store holds was not looked at.',
  },
  {
    id: 'app.transfer-cut',
    behaviour:
      'A cut or broken export is named by its line; the mob does not start on a part; the whole file completes it, and does nothing when repeated.',
    fault: 'The last line was not demanded.',
  },
  {
    id: 'app.transfer-pipe',
    behaviour: 'An export can be piped into an import, and fails when nobody reads it to its end.',
    fault: 'Lines were cut by readline, at U+2028 too.',
  },
  {
    id: 'app.export-spooled',
    behaviour:
      'An export says that events wait in the spool and are not in it, until a server has written them.',
    fault: 'No file of the spool was looked for.',
  },
  {
    id: 'app.config-bounds',
    behaviour:
      'A batch of more than 2,048 events, an age that is not above 0 and others that cannot be are refused by their names.',
    fault: '`batch_size` and `retain_days` had no bounds.',
  },
  {
    id: 'app.error-secret',
    behaviour: 'No error that is printed shows the password of an address or of a `password=` in it.',
    fault: 'Only what stands between `://` and the first `@` was hidden.',
  },
  {
    id: 'app.store',
    behaviour:
      'The store is named by flag, environment or config, in this order; another scheme is a wrong command line.',
    fault: 'The environment won over the flag.',
  },
  {
    id: 'app.store-mistyped',
    behaviour: 'Commands that read a store create nothing in it; a schema that is not there is named.',
    fault: 'The stores were opened as by a server.',
  },
  {
    id: 'app.spool-left',
    behaviour:
      'A start says how many events of an earlier one wait in the spool, where, and what becomes of them.',
    fault: 'Without a spool nobody looked at what was left in it.',
  },
  {
    id: 'app.store-secret',
    behaviour: 'No output shows the password of a connection string.',
    fault: 'The address was shown as it was given.',
  },
  {
    id: 'app.store-owner',
    behaviour: 'A state directory has one owner also when everything is in Postgres.',
    fault: 'The state directory was not owned.',
  },
  {
    id: 'app.dead-letters',
    behaviour: '`events --dead` lists what the event log refused, from the server and from the store.',
    fault: 'The offline list was always empty.',
  },
  {
    id: 'app.pruned',
    behaviour: '`events` goes on from the oldest event kept, and says so.',
    fault: 'A stale cursor ended the command.',
  },
  {
    id: 'app.wire',
    behaviour:
      '`mobkit wire A B` and `unwire A B` change who talks to whom in the running mob; `send --steer` is taken.',
    fault: '`unwire` wired.',
  },
  {
    id: 'app.lifecycle',
    behaviour:
      '`mobkit stop` and `resume` move the running mob; `reset`, `complete` and `destroy` do only with `--yes`.',
    fault: '`--yes` was not asked for.',
  },
  {
    id: 'app.stop-while-starting',
    behaviour:
      'A SIGTERM while the app starts, here while a hook hangs, gives up the start in order, exit code 0; the next start is as if nothing had been.',
    fault: 'The bootstrap was not given the signal.',
  },
  {
    id: 'app.second-signal',
    behaviour:
      'The first SIGTERM waits for turns that run; the second ends the process at once, exit code 143.',
    fault: 'The second signal was taken for the first.',
  },
  {
    id: 'app.shape',
    behaviour:
      'A server starts with the members and wires that the configured source asks for; plan shows the difference as a diff with reasons, apply does it and does not retire anybody unasked; a restart knows which wires are its own.',
    fault: 'The app did not hand the source of members to the runtime.',
  },
  {
    id: 'app.shape-converges',
    behaviour: 'With `reconcile = "converge"` a change of the source is followed without being asked.',
    fault: 'The mode of the config was not handed on.',
  },
  {
    id: 'app.shape-refused',
    behaviour: 'A source that cannot be used keeps the server from starting, with the file and the field.',
    fault: 'What a source failed with was taken for an answer that asks for nothing.',
  },
  {
    id: 'app.roster',
    behaviour: 'Members are spawned with labels, respawned and retired from the command line.',
    fault: 'The labels of the command line were left out.',
  },
];
