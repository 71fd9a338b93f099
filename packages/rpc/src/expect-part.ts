import { MobError } from '@mobkit/core';
import type { UnifiedRuntime } from '@mobkit/runtime';

/** The parts a runtime may do without, as its users see them. */
type Part = 'delivery' | 'gate' | 'memory' | 'router' | 'scheduler' | 'sessionStore';

/** What to say of one that is not there; clients know these of the router and the delivery. */
const absent: { readonly [part in Part]: string } = {
  delivery: 'delivery module is not loaded',
  gate: 'This runtime has no gate',
  memory: 'This runtime has no memory ledger',
  router: 'router module is not loaded',
  sessionStore: 'This runtime has no session store: name one in the config, as [sessions] store = "file"',
  scheduler: 'This runtime has no scheduler',
};

/** @throws MobError `MOB_CONFIG_INVALID` with `details.part` when the runtime was put together without it. */
export function expectPart<P extends Part>(runtime: UnifiedRuntime, part: P): NonNullable<UnifiedRuntime[P]> {
  const found = runtime[part];
  if (found) return found;
  throw new MobError('MOB_CONFIG_INVALID', absent[part], { details: { part } });
}
