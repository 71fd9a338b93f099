import { parseReference, type Reference, SINGLE } from './reference.js';

/** What a step came to. */
export interface StepValue {
  readonly value: unknown;
  /** The answer of the one member it holds; absent when it holds those of several. */
  readonly single?: { readonly value: unknown };
}

/** What templates and conditions of a run can see. */
export interface FlowValues {
  /** Undefined when the run was given none. */
  readonly params: unknown;
  /** What a step came to last. */
  readonly steps: ReadonlyMap<string, StepValue>;
  /** What the steps of a loop came to, iteration by iteration. */
  readonly loops: ReadonlyMap<string, readonly ReadonlyMap<string, StepValue>[]>;
}

/** A path that leads nowhere, or cannot be read: the step that uses it fails. */
export class PathFault extends Error {}

/**
 * What a path leads to; undefined when its root is not there yet, so that nothing can be said of the rest.
 *
 * @throws MalformedReference; PathFault for a key that a value does not have.
 */
export function readPath(path: string, values: FlowValues): { readonly value: unknown } | undefined {
  const reference = parseReference(path);
  const root = rootOf(reference, values, path);
  return root && { value: descend(root.value, reference.rest, path) };
}

function rootOf(
  reference: Reference,
  { params, steps, loops }: FlowValues,
  path: string,
): { readonly value: unknown } | undefined {
  if (reference.root === 'params') return params === undefined ? undefined : { value: params };
  const { stepId, single } = reference;
  const found =
    reference.root === 'steps'
      ? steps.get(stepId)
      : loops.get(reference.loopId)?.[reference.iteration]?.get(stepId);
  if (!found || !single) return found;
  if (found.single) return found.single;
  throw new PathFault(`"${path}": step "${stepId}" holds several answers, ${SINGLE} is of one`);
}

function descend(value: unknown, keys: readonly string[], path: string): unknown {
  return keys.reduce<unknown>((within, key) => {
    const container = typeof within === 'object' && within !== null;
    if (!container) {
      const what = within === null ? 'null' : `a ${typeof within}`;
      throw new PathFault(`"${path}": there is nothing at "${key}", what it is to be in is ${what}`);
    }
    // `length` and the like are no data.
    if (Object.hasOwn(within, key) && (!Array.isArray(within) || /^\d+$/.test(key))) {
      return (within as Readonly<Record<string, unknown>>)[key];
    }
    const there = Object.keys(within).slice(0, 10).join(', ') || 'nothing';
    throw new PathFault(`"${path}": there is no "${key}"; there is: ${there}`);
  }, value);
}
