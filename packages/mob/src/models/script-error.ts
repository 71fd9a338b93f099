import { MobError } from '@mobkit/core';

import { formatPath, type Path } from '../definition/path.js';

/** The error for a field of a script that cannot be used. Rules count from 0, as all lists in paths do. */
export function scriptError(path: Path, what: string, cause?: unknown): MobError {
  const field = formatPath(path);
  const [, rule] = path;
  return new MobError('MOB_CONFIG_INVALID', `Field ${field} of the script: ${what}`, {
    ...(cause !== undefined && { cause }),
    details: { field, ...(typeof rule === 'number' && { rule }) },
  });
}
