import type { Requirement } from '../requirement.js';

/** Tools of MCP servers. */
export const mcpRequirements: readonly Requirement[] = [
  {
    id: 'mcp.tools',
    behaviour:
      'Every tool of a server, over all pages, is offered and runs what agents call, side by side, from a program and an address.',
    fault: 'Only the first page was read.',
  },
  {
    id: 'mcp.changed',
    behaviour: 'What a server has learnt is offered, what there was keeps its name.',
    fault: 'The notice that tools have changed was not listened to.',
  },
  {
    id: 'mcp.results',
    behaviour: 'Results are texts, all else is JSON, and what no model could read is cut and says so.',
    fault: 'Blocks that are no text were left out.',
  },
  {
    id: 'mcp.failed',
    behaviour: 'A result that is an error and an error of the server fail the call alone.',
    fault: 'A result that is an error was an answer.',
  },
  {
    id: 'mcp.names',
    behaviour: 'Names are valid for every model, unique and the same each time.',
    fault: 'Signs that are not allowed were kept.',
  },
  {
    id: 'mcp.abort',
    behaviour: 'A call ends with the reason when its turn is ended, and the server goes on.',
    fault: 'An aborted call counted as a lost server.',
  },
  {
    id: 'mcp.environment',
    behaviour: 'A program gets what it is given and little else; an address gets its headers.',
    fault: 'The environment of the host was passed on.',
  },
  {
    id: 'mcp.noise',
    behaviour: 'What a program prints that is no message is read over.',
    fault: 'Reading ended at the first line that is no message.',
  },
  {
    id: 'mcp.config',
    behaviour: 'A server that cannot be meant is refused by its name before any is started.',
    fault: 'A server with a command and a url passed.',
  },
  {
    id: 'mcp.plugin',
    behaviour: 'The plugin starts servers with the app, offers each as a source and ends them with it.',
    fault: 'The servers were not closed on stop.',
  },
  {
    id: 'mcp.restart',
    behaviour:
      'Calls of a program that died fail typed; it is started again, its tools keep their names, and it is told once.',
    fault: 'Nothing was tried again after a loss.',
  },
  {
    id: 'mcp.absent',
    behaviour:
      'A server that does not start is no failure: it is told once, without its secrets, and tried ever more slowly.',
    fault: 'Every attempt was told; the pause stayed the same.',
  },
  {
    id: 'mcp.http-lost',
    behaviour:
      'An address that does not answer, or has forgotten the session, fails calls and gets another session.',
    fault: 'A call that could not be sent did not count as a loss.',
  },
  {
    id: 'mcp.timeout',
    behaviour: 'A call that takes too long fails, and a server that answers otherwise is kept.',
    fault: 'A call that took too long counted as a loss.',
  },
  {
    id: 'mcp.hangs',
    behaviour: 'A program that answers nothing any more is ended and started again.',
    fault: 'A server was not asked whether it is there.',
  },
  {
    id: 'mcp.orphans',
    behaviour: 'A program is ended with all it started, whether it is closed, deaf or died by itself.',
    fault: 'Only the program itself was killed.',
  },
  {
    id: 'mcp.closed',
    behaviour: 'Closing ends the session of an address, fails calls under way, and may be done twice.',
    fault: 'The session was left open.',
  },
  {
    id: 'mcp.allowed',
    behaviour:
      'A profile has the tools of the servers it names, of all with an empty list, of none without one.',
    fault: 'An empty list allowed none.',
  },
  {
    id: 'mcp.unknown',
    behaviour: 'Opening a mob warns of a server that a profile names and nobody offers.',
    fault: 'The names were not looked up.',
  },
  {
    id: 'mcp.app',
    behaviour:
      'A member calls a tool of a server of the config; when the server dies the member sees why, and the mob goes on; nothing is left when the app ends.',
    fault: 'The engine was given no sources.',
  },
];
