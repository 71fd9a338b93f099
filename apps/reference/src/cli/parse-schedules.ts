import type { SchedulesCommand } from './command.js';
import { readParams } from './read-params.js';
import { usageError } from './usage.js';

const text = { type: 'string' } as const;

/** What `mobkit schedules` takes beside what every command does. */
export const scheduleOptions = {
  cron: text,
  every: text,
  at: text,
  timezone: text,
  member: text,
  message: text,
  flow: text,
  module: text,
  method: text,
  function: text,
  params: text,
  misfire: text,
  count: text,
  phase: text,
} as const;

type Options = keyof typeof scheduleOptions;
type Values = { readonly [K in Options]?: string | undefined } & {
  readonly state: string;
  readonly json: boolean;
};

const adding = [
  'cron',
  'every',
  'at',
  'timezone',
  'member',
  'message',
  'flow',
  'module',
  'method',
  'function',
  'params',
  'misfire',
] as const;

/** Of each action: how many arguments it takes, and which options. */
const actions = {
  list: [0, ['phase']],
  show: [1, ['count']],
  add: [1, adding],
  pause: [1, []],
  resume: [1, []],
  delete: [1, []],
  next: [1, ['timezone', 'count']],
} as const satisfies Record<SchedulesCommand['action'], readonly [number, readonly Options[]]>;

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** @throws MobError `mobkit/usage` for what is no action, and for what an action does not take. */
export function parseSchedules(
  [action = 'list', ...args]: readonly string[],
  values: Values,
): SchedulesCommand {
  if (!isAction(action)) throw usageError(`schedules does not know "${action}"`);
  const [needed, options] = actions[action];
  for (const name of Object.keys(scheduleOptions) as Options[]) {
    if (values[name] !== undefined && !options.some((one) => one === name)) {
      throw usageError(`schedules ${action} does not take --${name}`);
    }
  }
  if (args.length < needed) {
    const what = action === 'next' ? 'an interval or a cron expression' : 'the id of a schedule';
    throw usageError(`schedules ${action} needs ${what}`);
  }
  if (args.length > needed) throw usageError(`schedules ${action} does not take "${args[needed]}"`);
  const [first = ''] = args;
  const { state, json } = values;
  const command = { name: 'schedules', state, json } as const;
  switch (action) {
    case 'list':
      return { ...command, action, ...(values.phase !== undefined && { phase: values.phase }) };
    case 'show':
      return { ...command, action, scheduleId: first, count: countOf(values, 10) };
    case 'add':
      return { ...command, action, schedule: { schedule_id: first, ...scheduleOf(values) } };
    case 'next':
      return {
        ...command,
        action,
        expression: first,
        timezone: values.timezone ?? 'UTC',
        count: countOf(values, 5),
      };
    case 'pause':
    case 'resume':
    case 'delete':
      return { ...command, action, scheduleId: first };
  }
}

function scheduleOf(values: Values): object {
  const { misfire } = values;
  return {
    trigger: triggerOf(values),
    target: targetOf(values),
    ...(misfire !== undefined && { misfire: misfireOf(misfire) }),
  };
}

function triggerOf({ cron, every, at, timezone }: Values): object {
  if ([cron, every, at].filter((one) => one !== undefined).length !== 1) {
    throw usageError('schedules add needs one of --cron, --every and --at');
  }
  if (timezone !== undefined && cron === undefined) throw usageError('--timezone goes with --cron');
  if (cron !== undefined)
    return { type: 'cron', expression: cron, ...(timezone !== undefined && { timezone }) };
  if (at !== undefined) return { type: 'once', due_at_ms: momentOf(at) };
  return { type: 'interval', start_at_ms: 0, every_ms: durationOf('--every', every ?? '') };
}

function targetOf({ member, message, flow, module, method, function: name, params }: Values): object {
  if ([member, flow, module, name].filter((one) => one !== undefined).length !== 1) {
    throw usageError('schedules add needs one of --member, --flow, --module and --function');
  }
  if (message !== undefined && member === undefined) throw usageError('--message goes with --member');
  if (method !== undefined && module === undefined) throw usageError('--method goes with --module');
  if (params !== undefined && member !== undefined) {
    throw usageError('--params goes with --flow, --module and --function');
  }
  const given = params === undefined ? {} : { params: readParams(params) };
  if (member !== undefined) {
    if (message === undefined) throw usageError('--member needs a --message');
    return { kind: 'member', member_id: member, message };
  }
  if (flow !== undefined) return { kind: 'flow', flow_id: flow, ...given };
  if (name !== undefined) return { kind: 'function', name, ...given };
  if (method === undefined) throw usageError('--module needs a --method');
  return { kind: 'module', module_id: module, method, ...given };
}

function misfireOf(given: string): object {
  if (given === 'skip' || given === 'one') return { type: given };
  const [, window] = /^all:(.+)$/.exec(given) ?? [];
  if (window !== undefined) return { type: 'all', window_ms: durationOf('--misfire', window) };
  throw usageError(`--misfire is none of skip, one and all:2h (those of the last 2 hours): ${given}`);
}

function momentOf(given: string): number {
  const ms = /[zZ]|[+-]\d\d:\d\d$/.test(given) ? Date.parse(given) : NaN;
  if (Number.isNaN(ms)) throw usageError(`--at is no time with its zone, as 2026-03-01T09:00Z: ${given}`);
  return ms;
}

function durationOf(option: string, given: string): number {
  const [, digits, unit = ''] = /^(\d{1,9})([smhd])$/.exec(given) ?? [];
  const unitMs = UNITS[unit];
  if (digits === undefined || unitMs === undefined)
    throw usageError(`${option} has no duration as 90s, 15m, 2h or 1d: ${given}`);
  return Number(digits) * unitMs;
}

function countOf({ count }: Values, usual: number): number {
  if (count === undefined) return usual;
  if (/^[1-9]\d{0,2}$/.test(count)) return Number(count);
  throw usageError(`--count is not a whole number from 1 to 999: ${count}`);
}

function isAction(name: string): name is SchedulesCommand['action'] {
  return Object.hasOwn(actions, name);
}
