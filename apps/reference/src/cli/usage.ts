import { MobError } from '@mobkit/core';

export const USAGE = `mobkit runs a group of AI agents and keeps what they do.

  mobkit up [mob.toml]           start the mob and its server
      --state DIR                the state directory; everything is kept there (default ./.mobkit)
      --store ADDRESS            keep everything in Postgres instead: postgres://user@host/database,
                                 ?schema=NAME for a schema of its own (default mobkit)
      --host HOST                address to listen on; loopback only (default 127.0.0.1)
      --port PORT                port to listen on, 0 for any (default 7420)
      --once MESSAGE             no server: send MESSAGE to the orchestrator, wait until nothing
                                 runs or waits, print its answer; exit 1 when a run failed
      --require-durable          do not start when anything that is kept would be gone with the process
      --wait                     stand by while another process runs the mob: goes on with it when that
                                 one has ended, or has not been heard of for 6 seconds
  mobkit takeover [mob.toml]     ask the process that runs the mob to hand it over, then go on with it as
                                 \`up\` does, with its --state, --store, --host and --port
      --require-durable          do not take it when anything that is kept would be gone with the process
      --force                    take it at once: nothing that the other still writes is kept
      --yes                      do not ask before
  mobkit send MEMBER MESSAGE     send a message to a member of the running mob; after -- a
                                 MESSAGE may begin with a dash
      --steer                    to be read before its next step, not after what it is doing
  mobkit plan                    show what stands between the running mob and the members and wires that
                                 [discovery] in the config asks for
      --json                     as one JSON object
  mobkit apply                   show it and do it; asks before members are retired; exit 1 unless all is
                                 done
      --yes                      do not ask before
      --json                     the report as one JSON object
  mobkit spawn MEMBER            add a member to the running mob
      --profile PROFILE          of the definition
      --label NAME=VALUE         may be given several times
  mobkit retire MEMBER           take it out, with what waits for it; its history stays
  mobkit respawn MEMBER          begin it anew, with an empty session, wired as before
  mobkit wire A B                let two members of the running mob talk to each other
  mobkit unwire A B              let them talk no more; what waits between them is removed
  mobkit stop                    let the running mob rest, over restarts too; its server goes on
  mobkit resume                  let it go on
  mobkit reset --yes             retire every member and begin anew with nobody, over restarts too
                                 (\`spawn\` adds members, \`apply\` those of [discovery]); what happened stays
  mobkit complete --yes          retire every member for good
  mobkit destroy --yes           remove the mob with everything that is kept of it
  mobkit events                  print what happened, oldest first
      --follow                   go on with what happens
      --dead                     the events that the event log refused instead
      --json                     one JSON object a line, streamed text included
  mobkit flows [mob.toml]        print the flows of the running mob, or of mob.toml
      --json                     one JSON object a line
  mobkit run FLOW [mob.toml]     run a flow and show how it goes, on the running server, or in this
                                 process when none runs; Ctrl-C cancels it; exit 1 unless it completed
      --params JSON|@FILE        what the flow is given
      --provision                spawn a member for every role of the flow that has none
      --json                     one JSON object a line: each event, then the run
  mobkit members [MEMBER]        print the roster, or what is known of one member
      --json                     one JSON object a line
  mobkit deliveries              print what became of the messages that left the running mob
      --dead                     only those that failed, or of which nobody knows
      --recipient NAME           only those to NAME
      --sink NAME                only those through the sink NAME
      --limit N                  the newest N (default all that are kept)
      --json                     one JSON object a line
  mobkit deliveries redrive ID   send such a one again; exit 1 unless it was taken
  mobkit approvals               print which actions wait for somebody to allow them
  mobkit approve ID              allow one; mobkit reject ID does not
      --by NAME --reason WHY     who decides (default this user), and why
  mobkit audit                   print what was decided about risky actions, oldest first
      --limit N                  the newest N, at most 500 (default 50)
      --json                     one JSON object a line
  mobkit memory stores           print how much the memory of the running mob holds
  mobkit memory query [TEXT]     print facts, and where they contradict each other
      --entity E --topic T       about these alone
      --in STORE                 knowledge_graph, vector, timeline, todo or top_of_mind
  mobkit memory index ENTITY TOPIC [FACT]
                                 keep a fact
      --conflict REASON          say that the facts contradict each other: actions about it wait
      --in STORE                 (default knowledge_graph)
  mobkit memory conflicts        print where facts contradict each other
  mobkit memory resolve ENTITY TOPIC
                                 say that they do so no more; --in STORE there alone
      --by NAME --reason WHY     who says so (default this user), and why
  mobkit memory delete ID        take a fact out with what it said; --by and --reason as well
  mobkit memory changes          print what was resolved and deleted, by whom and why
      --json                     one JSON object a line
  mobkit schedules               print what is to happen when; --phase PHASE those alone
  mobkit schedules show ID       print one with its next and latest occurrences
      --count N                  so many of them (default 10)
  mobkit schedules add ID        have something happen
      --cron EXPR [--timezone ZONE] | --every 90s|15m|2h|1d | --at TIME
      --member M --message TEXT | --flow F | --module M --method X | --function NAME
      --params JSON|@FILE        what a flow, module or function is given
      --misfire skip|one|all:2h  whether the last one nobody was there for happens late, or all of 2 hours
  mobkit schedules pause|resume|delete ID
  mobkit schedules next EXPR     print when a cron expression or */15m is due; --timezone, --count N
      --json                     one JSON object a line
  mobkit sessions                print the live sessions, by the session store of the running mob
      --all                      archived ones too
      --json                     one JSON object a line
  mobkit sessions show ID        print what became of one, the oldest row first
  mobkit modules                 print the helper processes of the running mob: how they are, what failed
      --json                     one JSON object a line
  mobkit modules restart ID      end one and start it anew, also one that was given up
  mobkit routes                  print where messages of the running mob go
  mobkit routes add KEY --to RECIPIENT --sink SINK
                                 add a route, or replace the one of that KEY; * takes anyone
      --channel CHANNEL          for messages of this kind alone (default any)
      --module MODULE            who hands them to the sink (default delivery)
      --retry-max N --backoff-ms N --rate-limit N
                                 attempts after the first, time to the second, messages a minute
  mobkit routes delete KEY       take a route away
  mobkit routes resolve RECIPIENT
                                 say where a message would go; --channel and limits as above
      --json                     one JSON object a line
  mobkit module router [mob.toml]
                                 serve the routes of the config as an MCP server on standard input and
                                 output, for a runtime that runs its router as a module
  mobkit export [FILE]           write everything that is kept, as JSON lines; to standard output
                                 without FILE
  mobkit import FILE             fill a new store from an export (- for standard input); an import
                                 that was cut short goes on when it is run again
  mobkit check mob.toml          say what is wrong with a definition
  mobkit plugins [mob.toml]      print the plugins that \`up\` would load, in order: from where, what each
                                 is there for, how long its store keeps; with --state and --store as \`up\`
      --json                     as one JSON object
  mobkit plugin new NAME         make a package for a store of your own, NAME as npm takes it
                                 (store-foo, @acme/mobkit-store-foo); docs/write-a-store.md goes on from there
      --dir DIR                  where to (default ./ and the name without its scope)

All but check, module and plugin take --state DIR: a running server is found by its state directory. Where
none runs, events, members, export and import open the store themselves; they take --store as well.
MOBKIT_STORE in the environment stands for --store, and keeps a password out of the list of processes;
then comes \`store\` in the config, then SQLite in the state directory.
Without mob.toml, \`up\` takes ./mob.toml or ./config/mob.toml if there is one, else the demo. A
mobkit.config.toml or mobkit.config.mjs beside the mob file adds routes, a script for the offline
model, modules, and plugins; config/gating.toml, deployment/routing.toml, config/defaults/schedules.toml and
deployment/schedules.toml beside it are read as parts of it.

  mobkit --version | --help
`;

/** The command line is wrong: shown with a pointer to `--help`, exit code 2. */
export function usageError(message: string): MobError {
  return new MobError('mobkit/usage', message);
}
