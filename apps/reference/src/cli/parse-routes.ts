import type { RoutesCommand } from './command.js';
import { usageError } from './usage.js';

const text = { type: 'string' } as const;

/** What `mobkit routes` takes beside what every command does. */
export const routesOptions = {
  to: text,
  channel: text,
  sink: text,
  module: text,
  'retry-max': text,
  'backoff-ms': text,
  'rate-limit': text,
} as const;

type Option = keyof typeof routesOptions;
type Values = { readonly [K in Option]?: string | undefined } & {
  readonly state: string;
  readonly json: boolean;
};

const limits = ['retry-max', 'backoff-ms', 'rate-limit'] as const;

/** Of each action: whether it is about one thing, and which options it takes. */
const actions = {
  list: [0, []],
  add: [1, ['to', 'channel', 'sink', 'module', ...limits]],
  delete: [1, []],
  resolve: [1, ['channel', ...limits]],
} as const satisfies Record<RoutesCommand['action'], readonly [number, readonly Option[]]>;

/** @throws MobError `mobkit/usage` for what is no action, and for what an action does not take. */
export function parseRoutes([action = 'list', ...args]: readonly string[], values: Values): RoutesCommand {
  if (!isAction(action)) throw usageError(`routes does not know "${action}"`);
  const [takes, options] = actions[action];
  const called = `routes ${action}`;
  for (const name of Object.keys(routesOptions) as Option[]) {
    if (values[name] !== undefined && !options.some((one) => one === name)) {
      throw usageError(`${called} does not take --${name}`);
    }
  }
  if (args.length < takes) {
    throw usageError(`${called} needs ${action === 'resolve' ? 'a recipient' : 'the key of a route'}`);
  }
  if (args.length > takes) throw usageError(`${called} does not take "${args[takes]}"`);
  const [about = ''] = args;
  const { state, json, to, sink, channel, module } = values;
  const command = { name: 'routes', state, json } as const;
  const asked = {
    ...(channel !== undefined && { channel }),
    ...numberOf(values, 'retry-max', 'retry_max'),
    ...numberOf(values, 'backoff-ms', 'backoff_ms'),
    ...numberOf(values, 'rate-limit', 'rate_limit_per_minute'),
  };
  switch (action) {
    case 'list':
      return { ...command, action };
    case 'delete':
      return { ...command, action, routeKey: about };
    case 'resolve':
      return { ...command, action, asked: { recipient: about, ...asked } };
    case 'add': {
      if (to === undefined || sink === undefined) throw usageError('routes add needs --to and --sink');
      const target = module === undefined ? {} : { target_module: module };
      return { ...command, action, route: { route_key: about, recipient: to, sink, ...target, ...asked } };
    }
  }
}

/** Whether it is within its bounds is for the server to say. */
function numberOf(values: Values, option: Option, field: string): Readonly<Record<string, number>> {
  const given = values[option];
  if (given === undefined) return {};
  if (!/^\d{1,15}$/u.test(given)) throw usageError(`--${option} is not a whole number: "${given}"`);
  return { [field]: Number(given) };
}

function isAction(name: string): name is RoutesCommand['action'] {
  return Object.hasOwn(actions, name);
}
