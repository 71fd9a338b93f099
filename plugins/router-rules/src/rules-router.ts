import { type Clock, errorText, isMobError, MobError } from '@mobkit/core';
import type {
  Resolution,
  ResolveRequest,
  Route,
  RouteAdvice,
  RouteAdvisor,
  Router,
  RouteTable,
} from '@mobkit/core/ops';

import { checkRequest, limitsOf, wrongLimit } from './check-request.js';
import { matchRoute } from './match-route.js';
import { parseRoute } from './options.js';
import type { ResolutionSeal } from './resolution-seal.js';
import type { RouteStore } from './route-store.js';
import { sinkByForm } from './sink-by-form.js';
import { unresolved } from './unresolved.js';

interface RulesRouterDeps {
  /** Checked, in their order. */
  readonly fixed: readonly Route[];
  readonly stored?: RouteStore;
  readonly advisor: () => RouteAdvisor | undefined;
  readonly seal: ResolutionSeal;
  readonly validForMs: number;
  readonly clock: Clock;
}

type Listener = (resolution: Resolution) => void;

/** Fixed rules, then those of a table where there is one. A fixed one hides the stored one of its key. */
export class RulesRouter implements Router {
  readonly table?: RouteTable;
  readonly #deps: RulesRouterDeps;
  readonly #fixedKeys: ReadonlySet<string>;
  readonly #listeners = new Set<Listener>();

  constructor(deps: RulesRouterDeps) {
    this.#deps = deps;
    this.#fixedKeys = new Set(deps.fixed.map(({ routeKey }) => routeKey));
    if (deps.stored) this.table = this.#tableOver(deps.stored);
  }

  async resolve(request: ResolveRequest): Promise<Resolution> {
    const asked = checkRequest(request);
    const { recipient } = asked;
    const advice = await this.#advice(asked);
    const channel = textIn(advice?.channel) ?? asked.channel;
    const route = await this.#routeFor(recipient, channel);
    const sink = route?.sink ?? textIn(advice?.sink) ?? sinkByForm(recipient);
    if (sink === undefined) throw unresolved(recipient, channel, await this.routes());
    const unsealed = {
      recipient,
      channel,
      sink,
      targetModule: (route ? route.targetModule : textIn(advice?.targetModule)) ?? 'delivery',
      ...limitsOf(route ?? {}, limitsOf(advice ?? {}, asked)),
      ...(route && { routeKey: route.routeKey }),
    };
    const { seal, clock, validForMs } = this.#deps;
    const resolution = seal.seal(unsealed, clock.now() + validForMs);
    for (const listener of this.#listeners) listener(resolution);
    return resolution;
  }

  async verify(resolution: Resolution): Promise<void> {
    this.#deps.seal.check(resolution, this.#deps.clock.now());
  }

  onResolved(listener: Listener): () => void {
    const own: Listener = (resolution) => listener(resolution);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  async routes(): Promise<readonly Route[]> {
    return [...this.#deps.fixed, ...((await this.table?.routes()) ?? [])];
  }

  async #routeFor(recipient: string, channel: string): Promise<Route | undefined> {
    const stored = (await this.#deps.stored?.for(recipient, channel)) ?? [];
    return matchRoute([...this.#deps.fixed, ...this.#unhidden(stored)], recipient, channel);
  }

  async #advice(asked: ResolveRequest): Promise<RouteAdvice | undefined> {
    try {
      const advice = await this.#deps.advisor()?.advise(asked);
      const wrong = advice && wrongLimit(advice);
      if (!wrong) return advice;
      const details = { field: wrong.field };
      throw new MobError('MOB_MODULE_CALL_FAILED', `${wrong.field} ${wrong.rule}`, { details });
    } catch (cause) {
      const { code, details, retryable } = isMobError(cause)
        ? cause
        : new MobError('MOB_MODULE_CALL_FAILED', '');
      const message = `router boundary failed: ${errorText(cause)}`;
      throw new MobError(code, message, { cause, retryable, ...(details && { details }) });
    }
  }

  #tableOver(stored: RouteStore): RouteTable {
    return {
      routes: async () => this.#unhidden(await stored.all()),
      put: async (given) => {
        const route = parseRoute(given);
        this.#refuseFixed(route.routeKey);
        await stored.put(route);
        return route;
      },
      delete: async (routeKey) => {
        this.#refuseFixed(routeKey.trim());
        return stored.delete(routeKey.trim());
      },
    };
  }

  #unhidden(stored: readonly Route[]): readonly Route[] {
    return stored.filter(({ routeKey }) => !this.#fixedKeys.has(routeKey));
  }

  #refuseFixed(routeKey: string): void {
    if (!this.#fixedKeys.has(routeKey)) return;
    const message = `route_key '${routeKey}' is fixed by the config: change it there`;
    throw new MobError('MOB_CONFLICT', message, { details: { routeKey } });
  }
}

/** Trimmed; undefined for a blank one. */
function textIn(value: string | undefined): string | undefined {
  return value?.trim() || undefined;
}
