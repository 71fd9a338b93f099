import type { MobDefinition } from '@mobkit/core/mob';

/** What readers of agent events get, and how many may wait for one. */
export interface EventRouter {
  readonly capacity: number;
  readonly admits: (type: string) => boolean;
}

const CAPACITY = 256;

/** As the definition has it: types that match one of the patterns to include, if there are any, and none of those to exclude. */
export function eventRouter({ event_router: given = {} }: MobDefinition): EventRouter {
  const {
    buffer_size: capacity = CAPACITY,
    include_patterns: included,
    exclude_patterns: excluded = [],
  } = given;
  const wanted = included?.map(toPattern);
  const unwanted = excluded.map(toPattern);
  return {
    capacity,
    admits: (type) =>
      wanted?.some((pattern) => pattern.test(type)) !== false &&
      !unwanted.some((pattern) => pattern.test(type)),
  };
}

/** `*` stands for any number of characters. */
function toPattern(text: string): RegExp {
  return new RegExp(`^${text.split('*').map(escape).join('.*')}$`, 'u');
}

function escape(text: string): string {
  return text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
}
