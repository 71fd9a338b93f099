import { userInfo } from 'node:os';

import { usageError } from './usage.js';

/**
 * What this user is called.
 *
 * @throws MobError that asks for `--by`, for a user without a name, as many containers have.
 */
export function thisUser(read: () => { readonly username: string } = userInfo): string {
  try {
    return read().username;
  } catch {
    throw usageError('this user has no name on this machine: say who it is with --by NAME');
  }
}
