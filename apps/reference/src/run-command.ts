import type { Command } from './cli/command.js';
import { USAGE } from './cli/usage.js';
import { version } from './version.js';

/** Does what the command line says and returns the exit code. Each command is loaded only when it is asked for. */
export async function runCommand(command: Command): Promise<number> {
  switch (command.name) {
    case 'help':
      console.log(USAGE.trimEnd());
      return 0;
    case 'version':
      console.log(version());
      return 0;
    case 'up':
      return (await import('./commands/up.js')).up(command);
    case 'takeover':
      return (await import('./commands/takeover.js')).takeover(command);
    case 'send':
      return (await import('./commands/send.js')).send(command);
    case 'stop':
    case 'resume':
    case 'complete':
    case 'reset':
    case 'destroy':
      return (await import('./commands/lifecycle.js')).lifecycle(command);
    case 'plan':
    case 'apply':
      return (await import('./commands/shape.js')).shape(command);
    case 'spawn':
    case 'retire':
    case 'respawn':
      return (await import('./commands/roster.js')).roster(command);
    case 'wire':
    case 'unwire':
      return (await import('./commands/wire.js')).wire(command);
    case 'events':
      return (await import('./commands/events.js')).events(command);
    case 'deliveries':
      return (await import('./commands/deliveries.js')).deliveries(command);
    case 'export':
      return (await import('./commands/export.js')).exportStore(command);
    case 'import':
      return (await import('./commands/import.js')).importStore(command);
    case 'flows':
      return (await import('./commands/flows.js')).flows(command);
    case 'run':
      return (await import('./commands/run-flow.js')).runFlow(command);
    case 'sessions':
      return (await import('./commands/sessions.js')).sessions(command);
    case 'schedules':
      return (await import('./commands/schedules.js')).schedules(command);
    case 'approvals':
    case 'approve':
    case 'reject':
    case 'audit':
      return (await import('./commands/approvals.js')).approvals(command);
    case 'memory':
      return (await import('./commands/memory.js')).memory(command);
    case 'members':
      return (await import('./commands/members.js')).members(command);
    case 'routes':
      return (await import('./commands/routes.js')).routes(command);
    case 'module':
      return (await import('./commands/module.js')).serveModule(command);
    case 'modules':
      return (await import('./commands/modules.js')).modules(command);
    case 'check':
      return (await import('./commands/check.js')).check(command);
    case 'plugin':
      return (await import('./commands/plugin-new.js')).newPlugin(command);
    case 'plugins':
      return (await import('./commands/plugins.js')).listPlugins(command);
  }
}
