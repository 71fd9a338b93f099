import { MobError } from '@mobkit/core';
import type { ResolveRequest, Route, Router } from '@mobkit/core/ops';

import { parseRoute, parseRoutes, type RulesRouterOptions } from './options.js';

const ANY = '*';
const DEFAULT_CHANNEL = 'notification';

/** An error is read by people and by models: it names the first of the recipients, and `details` has all. */
const NAMED_IN_MESSAGE = 20;

/**
 * Makes a router of rules, checked once, here; more may be put behind them while it works. It holds nothing open and keeps
 * nothing. White space around a recipient or a channel does not count.
 *
 * @throws MobError `MOB_CONFIG_INVALID` for a blank text, an unknown field or a key given twice; each is named by its
 * place, in the message and in `details.fields`.
 */
export function createRulesRouter(options: RulesRouterOptions): Router {
  const routes = new Map(parseRoutes(options).map((route) => [route.routeKey, route]));
  /** Those of one recipient and channel, the first of which counts. */
  const rules = new Map<string, Route[]>();
  for (const route of routes.values()) enter(rules, route);
  const list = async () => [...routes.values()];
  return {
    routes: list,
    table: {
      routes: list,
      async add(given) {
        const route = parseRoute(given);
        const there = routes.get(route.routeKey);
        if (there && same(there, route)) return;
        if (there) {
          const message = `There is a route "${route.routeKey}" already: remove it first`;
          throw new MobError('MOB_CONFLICT', message, { details: { routeKey: route.routeKey } });
        }
        routes.set(route.routeKey, route);
        enter(rules, route);
      },
      async remove(routeKey) {
        const route = routes.get(routeKey);
        if (!route) return false;
        routes.delete(routeKey);
        const rule = ruleOf(route);
        const left = rules.get(rule)?.filter((other) => other !== route) ?? [];
        if (left.length > 0) rules.set(rule, left);
        else rules.delete(rule);
        return true;
      },
    },
    async resolve(request) {
      const { recipient, channel } = checkRequest(request);
      const route =
        rules.get(ruleFor(recipient, channel))?.[0] ??
        rules.get(ruleFor(recipient, ANY))?.[0] ??
        rules.get(ruleFor(ANY, channel))?.[0] ??
        rules.get(ruleFor(ANY, ANY))?.[0];
      if (!route) throw unresolved(recipient, channel, await list());
      return { routeKey: route.routeKey, recipient, channel, sink: route.sink };
    },
  };
}

function same(one: Route, other: Route): boolean {
  return (['recipient', 'channel', 'sink', 'targetModule'] as const).every(
    (field) => one[field] === other[field],
  );
}

function enter(rules: Map<string, Route[]>, route: Route): void {
  const rule = ruleOf(route);
  const alike = rules.get(rule);
  if (alike) alike.push(route);
  else rules.set(rule, [route]);
}

function ruleOf({ recipient, channel = ANY }: Route): string {
  return ruleFor(recipient, channel);
}

/** JSON, so that no two pairs read the same. */
function ruleFor(recipient: string, channel: string): string {
  return JSON.stringify([recipient, channel]);
}

function checkRequest({ recipient, channel = DEFAULT_CHANNEL }: ResolveRequest): Required<ResolveRequest> {
  return { recipient: notBlank('recipient', recipient), channel: notBlank('channel', channel) };
}

function notBlank(name: string, value: unknown): string {
  const text = typeof value === 'string' ? value.trim() : '';
  if (text === '') throw new TypeError(`${name} is not text, or blank`);
  return text;
}

function unresolved(recipient: string, channel: string, routes: readonly Route[]): MobError {
  const known = [...new Set(routes.map((route) => route.recipient))];
  const named = known.slice(0, NAMED_IN_MESSAGE).map((name) => (name === ANY ? 'anyone' : `"${name}"`));
  const more = known.length - named.length;
  const others =
    known.length === 0
      ? 'there are no routes'
      : `there are routes to ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return new MobError(
    'MOB_ROUTE_UNRESOLVED',
    `No route takes "${recipient}" on channel "${channel}": ${others}`,
    { details: { recipient, channel, knownRecipients: known } },
  );
}
