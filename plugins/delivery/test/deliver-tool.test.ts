import type { ToolContext } from '@mobkit/core/mob';
import type { DeliveryRequest, ResolveRequest } from '@mobkit/core/ops';
import { deliverTool } from '@mobkit/delivery';
import { expect, it } from 'vitest';

import { resolution } from './delivery-records.js';

const context: ToolContext = {
  mobId: 'm',
  identity: 'lead',
  sessionId: 's',
  interactionId: 'i-1',
  signal: new AbortController().signal,
};

function toolWithEars() {
  const asked: ResolveRequest[] = [];
  const sent: DeliveryRequest[] = [];
  const tool = deliverTool({
    router: {
      async resolve(given) {
        asked.push(given);
        return resolution({ ...given, sink: 'log' });
      },
    },
    delivery: {
      async send(given) {
        sent.push(given);
        return { ...given, deliveryId: 'd-1', status: 'sent', attempts: [] };
      },
    },
  });
  return { tool, asked, sent };
}

it('[delivery.tool] routes and sends in the name of the agent, and answers with JSON', async () => {
  const { tool, asked, sent } = toolWithEars();
  const answer = await tool.run({ recipient: 'ops', message: 'Down', channel: 'alert' }, context);
  expect(JSON.parse(answer)).toEqual({ status: 'sent', delivery_id: 'd-1', sink: 'log' });
  expect(asked).toEqual([{ recipient: 'ops', channel: 'alert' }]);
  expect(sent).toEqual([
    {
      resolution: resolution({ recipient: 'ops', channel: 'alert', sink: 'log' }),
      payload: 'Down',
      from: 'lead',
      interactionId: 'i-1',
    },
  ]);
});

it('leaves the channel to the router when the agent names none', async () => {
  const { tool, asked } = toolWithEars();
  await tool.run({ recipient: 'ops', message: 'Down' }, context);
  expect(asked).toEqual([{ recipient: 'ops' }]);
});

const wrong: readonly [string, unknown, string][] = [
  ['a blank recipient', { recipient: ' ', message: 'm' }, 'recipient'],
  ['a recipient that no record can hold', { recipient: 'a\0b', message: 'm' }, 'recipient'],
  ['a missing message', { recipient: 'ops' }, 'message'],
  ['a blank message', { recipient: 'ops', message: '\n' }, 'message'],
  ['a channel that is no text', { recipient: 'ops', message: 'm', channel: 1 }, 'channel'],
  ['what is no object', 'ops', ''],
];

it.for(wrong)('[delivery.tool] refuses %s before anything is sent', async ([, args, field]) => {
  const { tool, asked } = toolWithEars();
  await expect(tool.run(args, context)).rejects.toMatchObject({
    code: 'MOB_REQUEST_INVALID',
    message: expect.stringContaining(`at ${field}`.replace(/at $/, 'expected object')),
    details: { fields: [field] },
  });
  expect(asked).toEqual([]);
});

it('describes its arguments as JSON Schema', () => {
  expect(toolWithEars().tool).toMatchObject({
    name: 'deliver',
    inputSchema: {
      type: 'object',
      required: ['recipient', 'message'],
      additionalProperties: false,
      properties: { recipient: { type: 'string' }, message: { type: 'string' }, channel: { type: 'string' } },
    },
  });
});
