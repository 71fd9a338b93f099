import type { MemoryCommand } from './command.js';
import { usageError } from './usage.js';
import { thisUser } from './this-user.js';

const text = { type: 'string' } as const;

/** What `mobkit memory` takes beside what every command does. */
export const memoryOptions = {
  entity: text,
  topic: text,
  in: text,
  conflict: text,
  by: text,
  reason: text,
} as const;

type Values = { readonly [K in keyof typeof memoryOptions]?: string | undefined } & {
  readonly state: string;
  readonly json: boolean;
};

/** Of each action: how many arguments it takes, and which options. */
const actions = {
  stores: [0, 0, []],
  query: [0, 1, ['entity', 'topic', 'in']],
  index: [2, 3, ['in', 'conflict']],
  conflicts: [0, 0, []],
  resolve: [2, 2, ['in', 'by', 'reason']],
  delete: [1, 1, ['by', 'reason']],
  changes: [0, 0, []],
} as const satisfies Record<
  MemoryCommand['action'],
  readonly [number, number, readonly (keyof typeof memoryOptions)[]]
>;

/** @throws MobError `mobkit/usage` for what is no action, and for what an action does not take. */
export function parseMemory([action = '', ...args]: readonly string[], values: Values): MemoryCommand {
  if (!isAction(action)) throw usageError(`memory does not know "${action}"`);
  const [atLeast, atMost, options] = actions[action];
  const { state, json } = values;
  for (const name of Object.keys(memoryOptions) as (keyof typeof memoryOptions)[]) {
    if (values[name] !== undefined && !options.some((one) => one === name)) {
      throw usageError(`memory ${action} does not take --${name}`);
    }
  }
  if (args.length < atLeast)
    throw usageError(
      `memory ${action} needs ${atLeast} argument${atLeast > 1 ? 's' : ''}, got ${args.length}`,
    );
  if (args.length > atMost) throw usageError(`memory ${action} does not take "${args[atMost]}"`);
  const [first = '', second = '', third] = args;
  const given = (...names: readonly (keyof typeof memoryOptions)[]) =>
    Object.fromEntries(
      names.filter((name) => values[name] !== undefined).map((name) => [name, values[name]]),
    );
  const command = { name: 'memory', state, json } as const;
  const author = () => ({ by: values.by ?? thisUser(), ...given('reason') });
  switch (action) {
    case 'query':
      return {
        ...command,
        action,
        ...(args.length > 0 && { text: first }),
        ...given('entity', 'topic', 'in'),
      };
    case 'index':
      if (third === undefined && values.conflict === undefined) {
        throw usageError('memory index needs a FACT, or --conflict');
      }
      return {
        ...command,
        action,
        entity: first,
        topic: second,
        ...(third !== undefined && { fact: third }),
        ...given('in', 'conflict'),
      };
    case 'resolve':
      return { ...command, action, entity: first, topic: second, ...given('in'), ...author() };
    case 'delete':
      return { ...command, action, assertionId: first, ...author() };
    case 'stores':
    case 'conflicts':
    case 'changes':
      return { ...command, action };
  }
}

function isAction(name: string): name is MemoryCommand['action'] {
  return Object.hasOwn(actions, name);
}
