import type { ErrorEvent } from '@mobkit/core';
import type { MobHandle } from '@mobkit/core/mob';
import type { ModuleHost, ServiceHost } from '@mobkit/core/ops';

interface Given {
  readonly mob?: Partial<MobHandle>;
  readonly modules?: Partial<ModuleHost> | undefined;
  readonly tell?: ServiceHost['tell'];
  readonly onError?: (event: ErrorEvent) => void;
}

/** A host whose mob does what it is given to do, and nothing else. */
export function fakeHost({
  mob = {},
  modules,
  tell = () => {},
  onError = () => {},
}: Given = {}): ServiceHost {
  return {
    mob: mob as MobHandle,
    tell,
    onError,
    ...(modules && { modules: modules as ModuleHost }),
  };
}
