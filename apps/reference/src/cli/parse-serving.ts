import type { TakeoverCommand, UpCommand } from './command.js';
import { keptState, stateOption, storeOption } from './kept-state.js';
import { usageError } from './usage.js';

const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_PORT = 7420;

const flag = { type: 'boolean', default: false } as const;
const served = {
  state: stateOption,
  store: storeOption,
  host: { type: 'string', default: DEFAULT_HOST },
  port: { type: 'string', default: String(DEFAULT_PORT) },
  'require-durable': flag,
} as const;

/** What `mobkit up` takes. */
export const upOptions = { ...served, once: { type: 'string' }, wait: flag } as const;

/** What `mobkit takeover` takes. */
export const takeoverOptions = { ...served, force: flag, yes: flag } as const;

interface Served {
  readonly state: string;
  readonly store?: string | undefined;
  readonly host: string;
  readonly port: string;
  readonly 'require-durable': boolean;
}

/** @throws MobError `mobkit/usage`. */
export function parseUp(
  [mobFile]: readonly string[],
  { once, wait, ...values }: Served & { readonly once?: string | undefined; readonly wait: boolean },
  env: NodeJS.ProcessEnv,
): UpCommand {
  if (once !== undefined && wait) throw usageError('up takes --once or --wait, not both');
  return {
    name: 'up',
    ...serving(values, env),
    wait,
    ...(mobFile !== undefined && { mobFile }),
    ...(once !== undefined && { once }),
  };
}

/** @throws MobError `mobkit/usage`. */
export function parseTakeover(
  [mobFile]: readonly string[],
  { force, yes, ...values }: Served & { readonly force: boolean; readonly yes: boolean },
  env: NodeJS.ProcessEnv,
): TakeoverCommand {
  return { name: 'takeover', ...serving(values, env), force, yes, ...(mobFile !== undefined && { mobFile }) };
}

function serving({ host, port, 'require-durable': requireDurable, ...kept }: Served, env: NodeJS.ProcessEnv) {
  return { ...keptState(kept, env), host, port: portOf(port), requireDurable };
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (port <= 65_535) return port;
  throw usageError(`--port is not a port from 0 to 65535: "${text}"`);
}
