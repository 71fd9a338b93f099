import { MobError } from '@mobkit/core';
import type { ResolveRequest, Route, Router } from '@mobkit/core/ops';

import { parseRoutes, type RulesRouterOptions } from './options.js';

const ANY = '*';
const DEFAULT_CHANNEL = 'notification';

/** An error is read by people and by models: it names the first of the recipients, and `details` has all. */
const NAMED_IN_MESSAGE = 20;

/**
 * Makes a router of fixed rules, checked once, here. It holds nothing open. White space around a recipient or a channel
 * does not count.
 *
 * @throws MobError `MOB_CONFIG_INVALID` for a blank text, an unknown field or a key given twice; each is named by its
 * place, in the message and in `details.fields`.
 */
export function createRulesRouter(options: RulesRouterOptions): Router {
  const routes = parseRoutes(options);
  const rules = new Map<string, Route>();
  for (const route of routes) {
    const rule = ruleFor(route.recipient, route.channel ?? ANY);
    if (!rules.has(rule)) rules.set(rule, route);
  }
  return {
    async resolve(request) {
      const { recipient, channel } = checkRequest(request);
      const route =
        rules.get(ruleFor(recipient, channel)) ??
        rules.get(ruleFor(recipient, ANY)) ??
        rules.get(ruleFor(ANY, channel)) ??
        rules.get(ruleFor(ANY, ANY));
      if (!route) throw unresolved(recipient, channel, routes);
      return { routeKey: route.routeKey, recipient, channel, sink: route.sink };
    },
    routes: async () => routes,
  };
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
