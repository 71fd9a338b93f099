import type { Command } from './command.js';
import { keptState, stateOption, storeOption } from './kept-state.js';
import { deliveriesOptions, parseDeliveries } from './parse-deliveries.js';
import { memoryOptions, parseMemory } from './parse-memory.js';
import { parseSchedules, scheduleOptions } from './parse-schedules.js';
import { parseRoutes, routesOptions } from './parse-routes.js';
import { parseTakeover, parseUp, takeoverOptions, upOptions } from './parse-serving.js';
import { parseStrictly as parse } from './parse-strictly.js';
import { readParams } from './read-params.js';
import { usageError } from './usage.js';
import { thisUser } from './this-user.js';

const state = stateOption;
const store = storeOption;
const flag = { type: 'boolean', default: false } as const;
const allOptions = {
  up: upOptions,
  takeover: takeoverOptions,
  send: { state, steer: flag },
  wire: { state },
  unwire: { state },
  plan: { state, json: flag },
  apply: { state, yes: flag, json: flag },
  spawn: { state, profile: { type: 'string' }, label: { type: 'string', multiple: true } },
  retire: { state },
  respawn: { state },
  stop: { state },
  resume: { state },
  complete: { state, yes: flag },
  reset: { state, yes: flag },
  destroy: { state, yes: flag },
  events: { state, store, follow: flag, dead: flag, json: flag },
  members: { state, store, json: flag },
  deliveries: { state, json: flag, ...deliveriesOptions },
  memory: { state, json: flag, ...memoryOptions },
  sessions: { state, json: flag, all: flag },
  schedules: { state, json: flag, ...scheduleOptions },
  modules: { state, json: flag },
  approvals: { state, json: flag },
  approve: { state, json: flag, by: { type: 'string' }, reason: { type: 'string' } },
  reject: { state, json: flag, by: { type: 'string' }, reason: { type: 'string' } },
  audit: { state, json: flag, limit: { type: 'string', default: '50' } },
  routes: { state, json: flag, ...routesOptions },
  module: {},
  flows: { state, json: flag },
  run: { state, store, params: { type: 'string' }, provision: flag, json: flag },
  export: { state, store },
  import: { state, store },
  check: {},
  plugin: { dir: { type: 'string' } },
  plugins: { state, store, json: flag },
} as const;

/**
 * @param env - of which `MOBKIT_STORE` stands for `--store` where that is not given: a list of processes does not show it.
 * @throws MobError `mobkit/usage` for a wrong one, naming what is wrong.
 */
export function parseArguments(args: readonly string[], env: NodeJS.ProcessEnv = {}): Command {
  const [name, ...rest] = args;
  // After `--` everything is meant as it stands, a message that begins with a dash too.
  const options = args.slice(0, args.includes('--') ? args.indexOf('--') : args.length);
  if (name === undefined || name === 'help' || options.includes('--help') || options.includes('-h')) {
    return { name: 'help' };
  }
  if (name === '--version' || name === '-v') return { name: 'version' };
  switch (name) {
    case 'up': {
      const { values, positionals } = parse(name, rest, allOptions.up, 0, 1);
      return parseUp(positionals, values, env);
    }
    case 'takeover': {
      const { values, positionals } = parse(name, rest, allOptions.takeover, 0, 1);
      return parseTakeover(positionals, values, env);
    }
    case 'send': {
      const { values, positionals } = parse(name, rest, allOptions.send, 2, 2);
      const [member = '', message = ''] = positionals;
      if (message.trim() === '') throw usageError('send needs a message that is not blank');
      return { name, state: values.state, member, message, steer: values.steer };
    }
    case 'wire':
    case 'unwire': {
      const { values, positionals } = parse(name, rest, allOptions[name], 2, 2);
      const [a = '', b = ''] = positionals;
      return { name, state: values.state, a, b };
    }
    case 'plan': {
      const { values } = parse(name, rest, allOptions.plan, 0, 0);
      return { name, state: values.state, yes: false, json: values.json };
    }
    case 'apply': {
      const { values } = parse(name, rest, allOptions.apply, 0, 0);
      return { name, state: values.state, yes: values.yes, json: values.json };
    }
    case 'spawn': {
      const { values, positionals } = parse(name, rest, allOptions.spawn, 1, 1);
      const { state: directory, profile, label = [] } = values;
      if (profile === undefined) throw usageError('spawn needs --profile: which of the definition?');
      const labels = Object.fromEntries(label.map(labelOf));
      return { name, state: directory, identity: positionals[0] ?? '', profile, labels };
    }
    case 'retire':
    case 'respawn': {
      const { values, positionals } = parse(name, rest, allOptions[name], 1, 1);
      return { name, state: values.state, identity: positionals[0] ?? '' };
    }
    case 'stop':
    case 'resume': {
      const { values } = parse(name, rest, allOptions[name], 0, 0);
      return { name, state: values.state };
    }
    case 'complete':
    case 'reset':
    case 'destroy': {
      const { values } = parse(name, rest, allOptions[name], 0, 0);
      if (!values.yes) throw usageError(`${name} ${WHAT_GOES[name]}: say --yes if you mean it`);
      return { name, state: values.state };
    }
    case 'events': {
      const { values } = parse(name, rest, allOptions.events, 0, 0);
      const { follow, dead, json } = values;
      if (follow && dead) throw usageError('events takes --follow or --dead, not both');
      return { name, ...keptState(values, env), follow, dead, json };
    }
    case 'flows': {
      const { values, positionals } = parse(name, rest, allOptions.flows, 0, 1);
      const { state: directory, json } = values;
      return {
        name,
        state: directory,
        json,
        ...(positionals[0] !== undefined && { mobFile: positionals[0] }),
      };
    }
    case 'run': {
      const { values, positionals } = parse(name, rest, allOptions.run, 1, 2);
      const [flow = '', mobFile] = positionals;
      const { params, provision, json } = values;
      return {
        name,
        ...keptState(values, env),
        flow,
        provision,
        json,
        ...(mobFile !== undefined && { mobFile }),
        ...(params !== undefined && { params: readParams(params) }),
      };
    }
    case 'members': {
      const { values, positionals } = parse(name, rest, allOptions.members, 0, 1);
      const [identity] = positionals;
      return {
        name,
        ...keptState(values, env),
        json: values.json,
        ...(identity !== undefined && { identity }),
      };
    }
    case 'deliveries': {
      const { values, positionals } = parse(name, rest, allOptions.deliveries, 0, 2);
      return parseDeliveries(positionals, values);
    }
    case 'memory': {
      const { values, positionals } = parse(name, rest, allOptions.memory, 1, 4);
      return parseMemory(positionals, values);
    }
    case 'routes': {
      const { values, positionals } = parse(name, rest, allOptions.routes, 0, 2);
      return parseRoutes(positionals, values);
    }
    case 'module': {
      const { positionals } = parse(name, rest, allOptions.module, 1, 2);
      const [module = '', mobFile] = positionals;
      if (module !== 'router') throw usageError(`There is no module "${module}": there is router`);
      return { name, module, ...(mobFile !== undefined && { mobFile }) };
    }
    case 'schedules': {
      const { values, positionals } = parse(name, rest, allOptions.schedules, 0, 2);
      return parseSchedules(positionals, values);
    }
    case 'sessions': {
      const { values, positionals } = parse(name, rest, allOptions.sessions, 0, 2);
      const [what, id] = positionals;
      const { state: directory, json, all } = values;
      if (what === undefined) return { name, state: directory, json, action: 'list', all };
      if (what !== 'show' || id === undefined || all) {
        throw usageError('sessions takes `show ID`, or --all, or nothing');
      }
      return { name, state: directory, json, action: 'show', sessionId: id };
    }
    case 'modules': {
      const { values, positionals } = parse(name, rest, allOptions.modules, 0, 2);
      const [what, id] = positionals;
      const { state: directory, json } = values;
      if (what === undefined) return { name, state: directory, json };
      if (what !== 'restart' || id === undefined) throw usageError('modules takes `restart ID`, or nothing');
      return { name, state: directory, json, restart: id };
    }
    case 'approvals': {
      const { values } = parse(name, rest, allOptions.approvals, 0, 0);
      return { name, state: values.state, json: values.json };
    }
    case 'approve':
    case 'reject': {
      const { values, positionals } = parse(name, rest, allOptions[name], 1, 1);
      const { state: directory, json, by = thisUser(), reason } = values;
      const [pendingId = ''] = positionals;
      return { name, state: directory, json, pendingId, by, ...(reason !== undefined && { reason }) };
    }
    case 'audit': {
      const { values } = parse(name, rest, allOptions.audit, 0, 0);
      const limit = Number(values.limit);
      if (!Number.isInteger(limit) || limit < 1 || limit > 500) {
        throw usageError(`--limit ${values.limit} is not a whole number from 1 to 500`);
      }
      return { name, state: values.state, json: values.json, limit };
    }
    case 'export': {
      const { values, positionals } = parse(name, rest, allOptions.export, 0, 1);
      const [file = '-'] = positionals;
      return { name, ...keptState(values, env), ...(file !== '-' && { file }) };
    }
    case 'import': {
      const { values, positionals } = parse(name, rest, allOptions.import, 1, 1);
      return { name, ...keptState(values, env), file: positionals[0] ?? '' };
    }
    case 'check': {
      const { positionals } = parse(name, rest, allOptions.check, 1, 1);
      return { name, mobFile: positionals[0] ?? '' };
    }
    case 'plugin': {
      const { values, positionals } = parse(name, rest, allOptions.plugin, 2, 2);
      const [what, packageName = ''] = positionals;
      if (what !== 'new') throw usageError('plugin takes `new NAME`');
      return { name, packageName, ...(values.dir !== undefined && { directory: values.dir }) };
    }
    case 'plugins': {
      const { values, positionals } = parse(name, rest, allOptions.plugins, 0, 1);
      return {
        name,
        ...keptState(values, env),
        json: values.json,
        ...(positionals[0] !== undefined && { mobFile: positionals[0] }),
      };
    }
    default:
      throw usageError(`There is no command "${name}"`);
  }
}

function labelOf(given: string): [name: string, value: string] {
  const at = given.indexOf('=');
  if (at < 1) throw usageError(`--label ${given} is not NAME=VALUE`);
  return [given.slice(0, at), given.slice(at + 1)];
}

const WHAT_GOES = {
  complete: 'retires every member for good',
  reset: 'retires every member',
  destroy: 'removes the mob with everything that is kept of it',
} as const;
