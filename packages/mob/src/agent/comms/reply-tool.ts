import type { AgentTool, PeerMessage } from '@mobkit/core/mob';

import type { Input } from '../../members/input.js';
import {
  blocksSchema,
  contentIn,
  type Given,
  handlingModeSchema,
  textIn,
  toGiven,
} from './comms-arguments.js';
import type { CommsDeps } from './comms-deps.js';
import { sendFor } from './send-tools.js';

/** Whom a reply goes to. */
interface ReplyTarget {
  readonly peerId: string;
  /** The request it answers; absent when it answers a message. */
  readonly requestId?: string;
}

/** Answers what the run is about, so that a model need not copy who said it. */
export function replyTool({ send, reading }: Pick<CommsDeps, 'send' | 'reading'>): AgentTool {
  return {
    name: 'reply_to_peer',
    description:
      'Answers the peer whose message or request you are working on; a request counts as completed by it.',
    inputSchema: {
      type: 'object',
      properties: {
        body: { type: 'string', description: 'What to say' },
        reply_to: {
          type: 'string',
          description: 'The id of the request, or the `peer_id` of its sender; only if several came',
        },
        blocks: blocksSchema,
        handling_mode: handlingModeSchema,
      },
      required: ['body'],
      additionalProperties: false,
    },
    async run(args, context) {
      const given = toGiven(args);
      const content = contentIn(given);
      const { peerId, requestId } = targetOf(reading(context.identity), given);
      const message: PeerMessage =
        requestId === undefined
          ? { kind: 'message', content }
          : {
              kind: 'response',
              inReplyTo: requestId,
              status: 'completed',
              result: textIn(given, 'body'),
              blocks: typeof content === 'string' ? [] : content.slice(1),
            };
      return sendFor(send, context, peerId, message, given);
    },
  };
}

/** @throws Error beginning with what it is called when there is not exactly one. */
function targetOf(inputs: readonly Input[], given: Given): ReplyTarget {
  const targets = new Map<string, ReplyTarget>();
  for (const { id, kind, from, about } of inputs) {
    if (kind !== 'peer' || from === undefined) continue;
    const requestId = about?.kind === 'request' ? { requestId: id } : {};
    targets.set(`${from} ${requestId.requestId ?? ''}`, { peerId: from, ...requestId });
  }
  if (targets.size === 0)
    throw new Error('no_reply_capability: what you are working on is not from a peer; use `send_message`');
  const { reply_to: replyTo } = given;
  const named = [...targets.values()].filter(
    ({ peerId, requestId }) =>
      replyTo === undefined || replyTo === null || [peerId, requestId].includes(replyTo as string),
  );
  const names = [...targets.values()].map(({ peerId, requestId = peerId }) => requestId).join(', ');
  const [target, ...others] = named;
  if (!target) throw new Error(`unknown_reply_to: nothing of that name came; there are: ${names}`);
  if (others.length > 0) throw new Error(`ambiguous_reply: name one of them in \`reply_to\`: ${names}`);
  return target;
}
