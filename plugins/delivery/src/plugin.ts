import { MobError } from '@mobkit/core';
import { type MobPlugin, tokens } from '@mobkit/di';

import { deliverTool } from './deliver-tool.js';
import { createLogSink } from './sinks/log-sink.js';
import { createMemberSink } from './sinks/member-sink.js';
import { createEmailSink } from './sinks/email/email-sink.js';
import type { EmailSinkOptions } from './sinks/email/options.js';
import type { WebhookSinkOptions } from './sinks/webhook/options.js';
import { createWebhookSink } from './sinks/webhook/webhook-sink.js';
import { type DeliveryOptions, openDelivery } from './open.js';

/** What is under way when an app without a runtime closes gets this long to end. */
const CLOSE_MS = 5_000;

/** What deliveries of an assembled app are made with. */
export interface DeliveryPluginOptions extends Pick<DeliveryOptions, 'scope'> {
  /** Writes what the sink `log` is given, one line a message. */
  readonly log: (line: string) => void;
}

/**
 * Provides `Delivery`, over `Storage` (which must be listed before) and every sink that plugins contribute; contributes
 * the sinks `log` and `mob_member`, and the tool `deliver`. A start without a plugin that provides `Router` fails.
 */
export function delivery({ log, scope }: DeliveryPluginOptions): MobPlugin {
  return {
    name: 'delivery',
    register(context) {
      const { container } = context;
      context
        .provideResource({
          name: 'delivery',
          keepsIn: tokens.storage,
          async open() {
            if (!container.isRegistered(tokens.router)) throw missingRouter();
            return openDelivery({
              storage: container.resolve(tokens.storage),
              ...(scope !== undefined && { scope }),
              sinks: () => context.collect(tokens.deliverySinks),
              trust: (resolution) => container.resolve(tokens.router).verify(resolution),
              outbox: {
                resolve: (request) => container.resolve(tokens.router).resolve(request),
                ...(container.isRegistered(tokens.deliveryOutbox) && {
                  onEnlisted: (wake) => container.resolve(tokens.deliveryOutbox).onEnlisted(wake),
                }),
              },
            });
          },
          // The runtime has stopped it where there is one.
          close: (opened) => opened.stop({ deadlineMs: CLOSE_MS }),
        })
        .fill(tokens.delivery, (opened) => opened);
      context.contribute(tokens.deliverySinks, () => createLogSink(log));
      context.contribute(tokens.deliverySinks, () =>
        createMemberSink(() => container.resolve(tokens.mobHandle)),
      );
      // Resolved at each call: the tool is offered before the router and the delivery need be open.
      context.contribute(tokens.agentTools, () =>
        deliverTool({
          router: { resolve: (request) => container.resolve(tokens.router).resolve(request) },
          delivery: { send: (request) => container.resolve(tokens.delivery).send(request) },
        }),
      );
    },
  };
}

/** Contributes the sink `email`. @throws MobError `MOB_CONFIG_INVALID` for options that cannot be meant. */
export function emailSink(options: EmailSinkOptions): MobPlugin {
  const sink = createEmailSink(options);
  return {
    name: 'email-sink',
    register: (context) => context.contribute(tokens.deliverySinks, () => sink),
  };
}

/** Contributes the sink `webhook`. @throws MobError `MOB_CONFIG_INVALID` for options that cannot be meant. */
export function webhookSink(options: WebhookSinkOptions = {}): MobPlugin {
  const sink = createWebhookSink(options);
  return {
    name: 'webhook-sink',
    register: (context) => context.contribute(tokens.deliverySinks, () => sink),
  };
}

function missingRouter(): MobError {
  return new MobError(
    'MOB_CONFIG_INVALID',
    'delivery: no plugin provides a Router; list one, e.g. router-rules',
  );
}
