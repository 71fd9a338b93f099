import { parseStoreAddress } from '../store/store-address.js';
import type { KeptState } from './command.js';
import { usageError } from './usage.js';

/** Where everything is kept unless `--state` says otherwise; relative to the working directory. */
export const DEFAULT_STATE = '.mobkit';

export const stateOption = { type: 'string', default: DEFAULT_STATE } as const;
export const storeOption = { type: 'string' } as const;

/** Where a command finds what is kept. @throws MobError `mobkit/usage` for what is no address. */
export function keptState(
  given: { readonly state: string; readonly store?: string | undefined },
  { MOBKIT_STORE: inEnvironment }: NodeJS.ProcessEnv,
): KeptState {
  const { state: directory } = given;
  const [from, text] = given.store ? ['--store', given.store] : ['MOBKIT_STORE', inEnvironment];
  if (!text) return { state: directory };
  const address = parseStoreAddress(text);
  if (typeof address === 'string') throw usageError(`${from} ${address}`);
  return { state: directory, store: address };
}
