import type { Route } from '@mobkit/core/ops';
import { emailSink, webhookSink } from '@mobkit/delivery/plugin';
import { type MobPlugin, tokens } from '@mobkit/di';

import type { SinksConfig } from '../config/sinks-config.js';

/** The sinks of the config. @throws MobError `MOB_CONFIG_INVALID` for what cannot be meant. */
export function sinks({ webhook, email }: SinksConfig): readonly MobPlugin[] {
  return [...(webhook ? [webhookSink(webhook)] : []), ...(email ? [emailSink(email)] : [])];
}

/** The names of the sinks that the app has with a config, before plugins bring more. */
export function sinkNames({ webhook, email }: SinksConfig): readonly string[] {
  return ['log', 'mob_member', ...(webhook ? ['webhook'] : []), ...(email ? ['email'] : [])];
}

/**
 * Says at the start which routes lead to no sink. No reason not to start: the messages they take are refused on record, the others
 * arrive.
 */
export function sinkCheck(routes: readonly Route[], onWarning: (text: string) => void): MobPlugin {
  return {
    name: 'sink-check',
    register: (context) =>
      context.lifecycle.add({
        name: 'sink-check',
        async start() {
          const names = context.collect(tokens.deliverySinks).map(({ name }) => name);
          for (const warning of sinkWarnings(routes, names)) onWarning(warning);
        },
      }),
  };
}

/** What is wrong with routes whose sink is none of those named. What goes to a module is that module's business. */
export function sinkWarnings(routes: readonly Route[], names: readonly string[]): readonly string[] {
  const known = [...new Set(names)].toSorted().join(', ');
  return routes
    .filter(({ sink, targetModule = 'delivery' }) => targetModule === 'delivery' && !names.includes(sink))
    .map(({ routeKey, sink }) => `route "${routeKey}" names the sink "${sink}", and there are: ${known}`);
}
