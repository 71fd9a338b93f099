import type { AgentTool, PeerMessage, ToolContext } from '@mobkit/core/mob';

import {
  blocksIn,
  blocksSchema,
  contentIn,
  type Given,
  handlingModeSchema,
  modeIn,
  textIn,
  toGiven,
} from './comms-arguments.js';
import type { CommsDeps } from './comms-deps.js';

type Send = CommsDeps['send'];

const peerIdSchema = { type: 'string', description: 'The `peer_id` of one of your peers' } as const;

export function sendMessageTool(send: Send): AgentTool {
  return sendTool(send, {
    name: 'send_message',
    description:
      'Sends a message to a peer. Its answer, if it gives one, reaches you as a message of its own.',
    properties: { body: { type: 'string', description: 'What to say' } },
    required: ['body'],
    toMessage: (given) => ({ kind: 'message', content: contentIn(given) }),
  });
}

export function sendRequestTool(send: Send): AgentTool {
  return sendTool(send, {
    name: 'send_request',
    description:
      'Asks a peer for something. The `envelope_id` of the receipt names the request; the response reaches you as a message.',
    properties: {
      intent: { type: 'string', description: 'What you ask for, in one line' },
      params: { description: 'What the peer needs for it, any JSON' },
    },
    required: ['intent'],
    toMessage: (given) => ({
      kind: 'request',
      intent: textIn(given, 'intent'),
      ...(given['params'] !== undefined && { params: given['params'] }),
      blocks: blocksIn(given),
    }),
  });
}

export function sendResponseTool(send: Send): AgentTool {
  return sendTool(send, {
    name: 'send_response',
    description: 'Answers a request of a peer.',
    properties: {
      in_reply_to: { type: 'string', description: 'The id of the request' },
      status: { type: 'string', enum: ['accepted', 'completed', 'failed'] },
      result: { description: 'What came of it, any JSON' },
    },
    required: ['in_reply_to', 'status'],
    toMessage: (given) => ({
      kind: 'response',
      inReplyTo: textIn(given, 'in_reply_to'),
      status: textIn(given, 'status') as 'accepted' | 'completed' | 'failed',
      ...(given['result'] !== undefined && { result: given['result'] }),
      blocks: blocksIn(given),
    }),
  });
}

/** Sends, and tells the model what became of it. */
export async function sendFor(
  send: Send,
  { identity, interactionId }: ToolContext,
  peerId: string,
  message: PeerMessage,
  given: Given,
): Promise<string> {
  const options = { ...modeIn(given), ...(interactionId !== undefined && { interactionId }) };
  const receipt = await send(identity, peerId, message, options);
  return JSON.stringify({
    status: 'sent',
    kind: message.kind,
    receipt: {
      peer_id: peerId,
      envelope_id: receipt.envelopeId,
      interaction_id: receipt.interactionId,
    },
  });
}

interface SendTool {
  readonly name: string;
  readonly description: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly required: readonly string[];
  readonly toMessage: (given: Given) => PeerMessage;
}

function sendTool(send: Send, { name, description, properties, required, toMessage }: SendTool): AgentTool {
  return {
    name,
    description,
    inputSchema: {
      type: 'object',
      properties: {
        peer_id: peerIdSchema,
        ...properties,
        blocks: blocksSchema,
        handling_mode: handlingModeSchema,
      },
      required: ['peer_id', ...required],
      additionalProperties: false,
    },
    async run(args, context) {
      const given = toGiven(args);
      const peerId = textIn(given, 'peer_id');
      return sendFor(send, context, peerId, toMessage(given), given);
    },
  };
}
