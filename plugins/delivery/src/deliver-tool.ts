import type { AgentTool } from '@mobkit/core/mob';
import type { Delivery, Router } from '@mobkit/core/ops';

import { deliverSchema, parseArguments } from './deliver-arguments.js';

export interface DeliverToolDeps {
  readonly router: Pick<Router, 'resolve'>;
  readonly delivery: Pick<Delivery, 'send'>;
}

/**
 * Makes the tool `deliver`, with which an agent sends a message wherever the routes take it: `recipient`, `message`, and
 * a `channel` where it matters. It answers when the sink has taken the message, with JSON: `status` (`sent`),
 * `delivery_id`, `sink`. The delivery belongs to the interaction of the turn.
 *
 * The tool throws, for the model to read, MobError `MOB_REQUEST_INVALID` for wrong arguments, and what the router and
 * the delivery throw.
 */
export function deliverTool({ router, delivery }: DeliverToolDeps): AgentTool {
  return {
    name: 'deliver',
    description: 'Sends a message out of the team, to a person or a system. Answers when it is handed over.',
    inputSchema: deliverSchema,
    async run(args, { identity, interactionId }) {
      const { recipient, message, channel } = parseArguments(args);
      const resolution = await router.resolve({ recipient, ...(channel !== undefined && { channel }) });
      const { deliveryId } = await delivery.send({
        resolution,
        content: message,
        from: identity,
        ...(interactionId !== undefined && { interactionId }),
      });
      return JSON.stringify({ status: 'sent', delivery_id: deliveryId, sink: resolution.sink });
    },
  };
}
