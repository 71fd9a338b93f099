import type { FlowCondition } from '@mobkit/core/mob';

import { equalJson } from './equal-json.js';
import { type FlowValues, PathFault, readPath } from './flow-values.js';

/**
 * Whether a condition holds. A comparison with what is not there yet does not; `and` and `or` ask no more than they need.
 *
 * @throws MalformedReference; PathFault, also for an order of things that have none.
 */
export function holds(condition: FlowCondition, values: FlowValues): boolean {
  switch (condition.op) {
    case 'and':
      return condition.exprs.every((each) => holds(each, values));
    case 'or':
      return condition.exprs.some((each) => holds(each, values));
    case 'not':
      return !holds(condition.expr, values);
    default: {
      const found = readPath(condition.path, values);
      return found !== undefined && compare(condition, found.value);
    }
  }
}

/** Every path in it. */
export function pathsIn(condition: FlowCondition): readonly string[] {
  switch (condition.op) {
    case 'and':
    case 'or':
      return condition.exprs.flatMap(pathsIn);
    case 'not':
      return pathsIn(condition.expr);
    default:
      return [condition.path];
  }
}

type Comparison = Exclude<FlowCondition, { readonly op: 'and' | 'or' | 'not' }>;

function compare(condition: Comparison, found: unknown): boolean {
  switch (condition.op) {
    case 'eq':
      return equalJson(found, condition.value);
    case 'in':
      return condition.values.some((value) => equalJson(found, value));
    default: {
      const order = orderOf(found, condition.value, condition.path);
      return condition.op === 'gt' ? order > 0 : order < 0;
    }
  }
}

function orderOf(found: unknown, value: unknown, path: string): number {
  const numbers = typeof found === 'number' && typeof value === 'number';
  const texts = typeof found === 'string' && typeof value === 'string';
  if (!numbers && !texts) {
    const kinds = `${found === null ? 'null' : typeof found} and ${value === null ? 'null' : typeof value}`;
    throw new PathFault(`"${path}": ${kinds} have no order, two numbers or two texts have`);
  }
  if (found === value) return 0;
  return found > value ? 1 : -1;
}
