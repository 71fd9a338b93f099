import type { WireResolution, WireRoute } from '@mobkit/rpc';

import type { RoutesCommand } from '../cli/command.js';
import { jsonLine, terminalLine } from '../cli/terminal-text.js';
import { expectServer } from '../server/server-client.js';

/** Shows and changes where messages of the running mob go. */
export async function routes(command: RoutesCommand): Promise<number> {
  const server = await expectServer(command.state);
  const show = <T>(thing: T, line: (thing: T) => string) =>
    console.log(command.json ? jsonLine(thing) : terminalLine(line(thing), 400));
  switch (command.action) {
    case 'list': {
      const found = await server.call<{ readonly routes: readonly WireRoute[] }>(
        'mobkit/routing/routes/list',
        {},
      );
      for (const route of found.routes) show(route, routeLine);
      return 0;
    }
    case 'add': {
      const { route } = await server.call<{ readonly route: WireRoute }>('mobkit/routing/routes/add', {
        route: command.route,
      });
      show(route, routeLine);
      return 0;
    }
    case 'delete': {
      const { deleted } = await server.call<{ readonly deleted: WireRoute }>('mobkit/routing/routes/delete', {
        route_key: command.routeKey,
      });
      show(deleted, (route) => `deleted: ${routeLine(route)}`);
      return 0;
    }
    case 'resolve':
      show(await server.call<WireResolution>('mobkit/routing/resolve', command.asked), resolutionLine);
      return 0;
  }
}

function routeLine(route: WireRoute): string {
  const { route_key: key, recipient, channel, sink, target_module: module } = route;
  const to = `${recipient} on ${channel ?? '*'} -> ${sink}${module === 'delivery' ? '' : ` by ${module}`}`;
  return [`${key}: ${to}`, ...limitTexts(route)].join(', ');
}

function resolutionLine(resolution: WireResolution): string {
  const { recipient, channel, sink, target_module: module, route_key: key } = resolution;
  const by = key === undefined ? 'no route' : `route ${key}`;
  return [`${recipient} on ${channel} -> ${sink} by ${module} (${by})`, ...limitTexts(resolution)].join(', ');
}

type Limits = Pick<WireRoute, 'retry_max' | 'backoff_ms' | 'rate_limit_per_minute'>;

function limitTexts({ retry_max: retries, backoff_ms: backoff, rate_limit_per_minute: rate }: Limits) {
  return [
    ...(retries === null ? [] : [`${retries} ${retries === 1 ? 'retry' : 'retries'}`]),
    ...(backoff === null ? [] : [`first after ${backoff} ms`]),
    ...(rate === null ? [] : [`${rate} a minute`]),
  ];
}
