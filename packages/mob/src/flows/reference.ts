/** What a path in a template or a condition names. */
export type Reference =
  | { readonly root: 'params'; readonly rest: Keys }
  | ({ readonly root: 'steps' } & StepReference)
  | ({ readonly root: 'loops'; readonly loopId: string; readonly iteration: number } & StepReference);

interface StepReference {
  readonly stepId: string;
  /** Whether it means the answer of the one member that was asked. */
  readonly single: boolean;
  readonly rest: Keys;
}

/** The way down into a value: keys of objects, places in lists. */
type Keys = readonly string[];

/** Beside `steps.<id>`, what stands for the answer of a step that asked one member, so that nobody needs its name. */
export const SINGLE = 'output_of_single';

/** A path that cannot be read; `at` is where in it, from 0. */
export class MalformedReference extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/**
 * Reads `params.a.b`, `steps.<id>.x`, `steps.<id>.output.x`, `steps.<id>.output_of_single.x` or
 * `loops.<id>.iterations.<n>.steps.<id>.x`. Places in lists are `.0` or `[0]`; a key that is no plain word is `["my.key"]`.
 *
 * @throws MalformedReference
 */
export function parseReference(text: string): Reference {
  const keys = split(text);
  const [root, ...rest] = keys;
  switch (root?.key) {
    case 'params':
      return { root: 'params', rest: rest.map(({ key }) => key) };
    case 'steps':
      return { root: 'steps', ...stepReference(text, rest) };
    case 'loops': {
      const [loop, iterations, n, steps, ...within] = rest;
      if (!loop || iterations?.key !== 'iterations' || !n || steps?.key !== 'steps') {
        const wanted = 'loops.<loop>.iterations.<n>.steps.<step>';
        throw new MalformedReference(
          `"${text}" is not of the form ${wanted}`,
          (iterations ?? loop ?? root).at,
        );
      }
      if (!/^\d{1,9}$/.test(n.key)) {
        throw new MalformedReference(`"${n.key}" is not the number of an iteration, from 0`, n.at);
      }
      return {
        root: 'loops',
        loopId: loop.key,
        iteration: Number(n.key),
        ...stepReference(text, within),
      };
    }
    default:
      throw new MalformedReference(
        `"${text}" begins with "${root?.key ?? ''}": begin it with params, steps or loops`,
        0,
      );
  }
}

interface Key {
  readonly key: string;
  readonly at: number;
}

function stepReference(text: string, [step, ...keys]: readonly Key[]): StepReference {
  if (!step) throw new MalformedReference(`"${text}" names no step`, text.length);
  const [first, ...rest] = keys.map(({ key }) => key);
  const single = first === SINGLE;
  const named = single || first === 'output';
  return { stepId: step.key, single, rest: named || first === undefined ? rest : [first, ...rest] };
}

const KEY =
  /(?<![^])[^\s.[\]{}"]+|\.(?<word>[^\s.[\]{}"]+)|\[(?:(?<place>\d+)|(?<quoted>"(?:[^"\\]|\\.)*"))\]/uy;

function split(text: string): readonly Key[] {
  const keys: Key[] = [];
  for (let at = 0; at < text.length; at = KEY.lastIndex) {
    KEY.lastIndex = at;
    const found = KEY.exec(text);
    if (!found) throw new MalformedReference(`"${text}" cannot be read as a path`, at);
    const { word, place, quoted } = found.groups ?? {};
    keys.push({ key: quoted === undefined ? (word ?? place ?? found[0]) : unquote(text, quoted, at), at });
  }
  if (keys.length === 0) throw new MalformedReference('A path is empty', 0);
  return keys;
}

function unquote(text: string, quoted: string, at: number): string {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    throw new MalformedReference(`${quoted} in "${text}" is not a text as JSON writes it`, at);
  }
}
