import { MobError } from '@mobkit/core';

export const USAGE = `mobkit runs a group of AI agents and keeps what they do.

  mobkit up [mob.toml]           start the mob and its server
      --state DIR                where everything is kept (default ./.mobkit)
      --host HOST                address to listen on; loopback only (default 127.0.0.1)
      --port PORT                port to listen on, 0 for any (default 7420)
      --once MESSAGE             no server: send MESSAGE to the orchestrator, wait until nothing
                                 runs or waits, print its answer; exit 1 when a run failed
  mobkit send MEMBER MESSAGE     send a message to a member of the running mob; after -- a
                                 MESSAGE may begin with a dash
  mobkit events                  print what happened, oldest first
      --follow                   go on with what happens
      --json                     one JSON object a line, streamed text included
  mobkit members                 print the roster
      --json                     one JSON object a line
  mobkit check mob.toml          say what is wrong with a definition
  mobkit plugins [mob.toml]      print the plugins that would be loaded, in order

send, events and members find a running server by its state directory (--state DIR).
Without mob.toml, \`up\` takes ./mob.toml if there is one, else the demo. A mobkit.config.toml or
mobkit.config.mjs beside the mob file adds routes, a script for the offline model, and plugins.

  mobkit --version | --help
`;

/** The command line is wrong: shown with a pointer to `--help`, exit code 2. */
export function usageError(message: string): MobError {
  return new MobError('mobkit/usage', message);
}
