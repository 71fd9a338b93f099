import { isMobError, type RecordsDefinition, type RecordStore, type Storage, type Where } from '@mobkit/core';
import type { Route } from '@mobkit/core/ops';

import { ANY } from './match-route.js';

/** Where a `Storage` keeps routes: by mob and key, with a route for any channel under `*`. */
export const routesDefinition = {
  kind: 'records',
  name: 'routes',
  fields: { mob_id: 'text', recipient: 'text', channel: 'text' },
} as const satisfies RecordsDefinition;

/** Another process that writes the same route again and again makes way at some time. */
const MOST_ATTEMPTS = 16;

/** The routes of a mob, read where they are kept: what another process changed counts at once. */
export class RouteStore {
  readonly #records: RecordStore;
  readonly #mobId: string;

  constructor(storage: Storage, mobId: string) {
    this.#records = storage.records(routesDefinition);
    this.#mobId = mobId;
  }

  /** Those that may take a recipient on a channel, by key. */
  async for(recipient: string, channel: string): Promise<readonly Route[]> {
    // By recipient alone: the index of any other field names most of the routes, and a store may take it for the better one.
    const routes = await this.#list({ recipient: [...new Set([recipient, ANY])] });
    return routes.filter(({ channel: on = ANY }) => on === channel || on === ANY);
  }

  all(): Promise<readonly Route[]> {
    return this.#list({ mob_id: this.#mobId });
  }

  async put(route: Route): Promise<void> {
    await this.#records.put(this.#keyOf(route.routeKey), {
      fields: { mob_id: this.#mobId, recipient: route.recipient, channel: route.channel ?? ANY },
      data: JSON.stringify(route),
    });
  }

  async delete(routeKey: string): Promise<Route | undefined> {
    const key = this.#keyOf(routeKey);
    for (let attempt = 1; ; attempt++) {
      const kept = await this.#records.get(key);
      if (!kept) return undefined;
      try {
        const deleted = await this.#records.delete(key, { expectedVersion: kept.version });
        return deleted ? routeIn(kept) : undefined;
      } catch (error) {
        // Replaced meanwhile: it is the new one that is taken away, and answered.
        if (!isMobError(error, 'MOB_CONFLICT') || attempt === MOST_ATTEMPTS) throw error;
      }
    }
  }

  async #list(where: Where): Promise<readonly Route[]> {
    const routes: Route[] = [];
    for (let afterKey: string | undefined; ;) {
      const page = await this.#records.list({
        where,
        ...(afterKey !== undefined && { afterKey }),
      });
      for (const record of page.records) {
        if (record.fields['mob_id'] === this.#mobId) routes.push(routeIn(record));
      }
      afterKey = page.records.at(-1)?.key;
      if (!page.more || afterKey === undefined) return routes;
    }
  }

  /** Ids of mobs hold no `/`. */
  #keyOf(routeKey: string): string {
    return `${this.#mobId}/${routeKey}`;
  }
}

function routeIn({ data }: { readonly data: string }): Route {
  return JSON.parse(data) as Route;
}
