import type { DependencyContainer, InjectionToken } from 'tsyringe';

import type { Lifecycle } from './lifecycle.js';
import type { PluginContext, Resource, ResourceSlots } from './plugin.js';

/** Makes the context that all plugins of one app register into. */
export function createPluginContext(container: DependencyContainer, lifecycle: Lifecycle): PluginContext {
  /** Who fills each slot: the last to claim it. */
  const holders = new Map<InjectionToken, unknown>();

  return {
    container,
    lifecycle,

    provide(token, create) {
      holders.set(token, create);
      container.register(token, { useFactory: once(create) });
    },

    provideResource<R>(resource: Resource<R>): ResourceSlots<R> {
      const { name } = resource;
      let opened: { readonly value: R } | undefined;
      let contributes = false;
      const factory =
        <T>(get: (value: R) => T) =>
        () => {
          if (opened) return get(opened.value);
          throw new TypeError(`"${name}" is not open: it opens on start and closes on stop`);
        };
      const slots: ResourceSlots<R> = {
        fill(token, get) {
          holders.set(token, slots);
          container.register(token, { useFactory: factory(get) });
          return slots;
        },
        contribute(token, get) {
          contributes = true;
          container.register(token, { useFactory: factory(get) });
          return slots;
        },
      };
      lifecycle.add({
        name,
        async start() {
          if (contributes || [...holders.values()].includes(slots)) {
            opened = { value: await resource.open() };
          }
        },
        async stop() {
          const closing = opened;
          opened = undefined;
          if (closing) await resource.close(closing.value);
        },
      });
      return slots;
    },

    contribute(token, create) {
      container.register(token, { useFactory: once(create) });
    },

    collect: (token) => (container.isRegistered(token) ? container.resolveAll(token) : []),
  };
}

function once<T>(create: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: create() }).value;
}
