import { MobError } from '@mobkit/core';
import type { AgentTool } from '@mobkit/core/mob';
import type { Delivery, Router } from '@mobkit/core/ops';

import { deliverSchema, parseArguments } from './deliver-arguments.js';

/** What the tool looks recipients up with, and sends with. */
export interface DeliverToolDeps {
  readonly router: Pick<Router, 'resolve'>;
  readonly delivery: Pick<Delivery, 'send'>;
}

/**
 * Makes the tool `deliver`, with which an agent sends a message wherever the routes take it: `recipient`, `message`, and
 * a `channel` where it matters. It answers with JSON: `status`, `delivery_id`, `sink`. The status is `sent` when the sink has
 * taken the message, `pending` when that is still tried, and `unknown` when nobody knows. The delivery belongs to the
 * interaction of the turn.
 *
 * The tool throws, for the model to read, MobError `MOB_REQUEST_INVALID` for wrong arguments, `MOB_DELIVERY_FAILED` for what
 * the sink refused, and what the router and the delivery throw.
 */
export function deliverTool({ router, delivery }: DeliverToolDeps): AgentTool {
  return {
    name: 'deliver',
    description: 'Sends a message out of the team, to a person or a system. Answers what became of it.',
    inputSchema: deliverSchema,
    async run(args, { identity, interactionId }) {
      const { recipient, message, channel } = parseArguments(args);
      const resolution = await router.resolve({ recipient, ...(channel !== undefined && { channel }) });
      const { deliveryId, status, attempts } = await delivery.send({
        resolution,
        payload: message,
        from: identity,
        ...(interactionId !== undefined && { interactionId }),
      });
      const { sink } = resolution;
      if (status === 'failed') {
        const why = attempts.at(-1)?.error ?? 'no reason is known';
        const said = `Delivery ${deliveryId} to "${recipient}" through "${sink}" failed: ${why}`;
        throw new MobError('MOB_DELIVERY_FAILED', said, {
          details: { deliveryId, recipient, sink, handedOver: false },
        });
      }
      return JSON.stringify({ status, delivery_id: deliveryId, sink });
    },
  };
}
