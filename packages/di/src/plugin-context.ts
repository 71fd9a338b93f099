import { errorText } from '@mobkit/core';
import type { DependencyContainer, InjectionToken } from 'tsyringe';

import type { Lifecycle } from './lifecycle.js';
import type { PluginContext, Resource, ResourceSlots } from './plugin.js';
import type { Keeping } from './slot-claim.js';
import { type Claimed, type SlotTable, takeWord } from './slot-table.js';

interface PluginContextDeps {
  readonly container: DependencyContainer;
  readonly lifecycle: Lifecycle;
  readonly slots: SlotTable;
  /** Whose claims they are. */
  readonly plugin: string;
}

/** Makes the context that one plugin of an app registers into. Container, lifecycle and slots are those of the app. */
export function createPluginContext({
  container,
  lifecycle,
  slots,
  plugin,
}: PluginContextDeps): PluginContext {
  const claim = (token: InjectionToken, keeping: Keeping, collects = false) =>
    slots.add({ plugin, token, collects, keeping });

  return {
    container,
    lifecycle,

    provide(token, create, keeping = {}) {
      const claimed = claim(token, keeping);
      const make = () => {
        const value = create();
        takeWord(claimed, value);
        return value;
      };
      container.register(token, { useFactory: once(make) });
    },

    provideResource<R>(resource: Resource<R>): ResourceSlots<R> {
      const { name } = resource;
      const own: { readonly claimed: Claimed; readonly get: (value: R) => unknown }[] = [];
      let opened: { readonly value: R } | undefined;
      const add = <T>(token: InjectionToken<T>, get: (value: R) => T, collects: boolean) => {
        own.push({ claimed: claim(token, resource, collects), get });
        container.register(token, {
          useFactory: () => {
            if (opened) return get(opened.value);
            throw new TypeError(`"${name}" is not open: it opens on start and closes on stop`);
          },
        });
        return filled;
      };
      const filled: ResourceSlots<R> = {
        fill: (token, get) => add(token, get, false),
        contribute: (token, get) => add(token, get, true),
      };
      lifecycle.add({
        name,
        async start() {
          const held = own.filter(({ claimed }) => slots.holds(claimed));
          if (held.length === 0) return;
          const value = await resource.open();
          try {
            for (const { claimed, get } of held) takeWord(claimed, get(value));
          } catch (error) {
            await closeAfter(error, () => resource.close(value));
          }
          opened = { value };
        },
        async stop() {
          const closing = opened;
          opened = undefined;
          if (closing) await resource.close(closing.value);
        },
      });
      return filled;
    },

    contribute(token, create) {
      claim(token, {}, true);
      container.register(token, { useFactory: once(create) });
    },

    collect: (token) => (container.isRegistered(token) ? container.resolveAll(token) : []),
    claims: () => slots.list(),
  };
}

/** A start that fails has cleaned up after itself. @throws what it failed with, and after it why it did not close. */
async function closeAfter(error: unknown, close: () => Promise<void>): Promise<never> {
  try {
    await close();
  } catch (other) {
    throw new AggregateError([error, other], errorText(error), { cause: other });
  }
  throw error;
}

function once<T>(create: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: create() }).value;
}
