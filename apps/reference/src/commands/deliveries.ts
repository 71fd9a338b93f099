import type { WireDelivery } from '@mobkit/rpc';

import type { DeliveriesCommand } from '../cli/command.js';
import { jsonLine, terminalLine } from '../cli/terminal-text.js';
import { expectServer } from '../server/server-client.js';

/** The most that one answer holds. */
const PAGE = 200;

/** Prints what became of messages that left the running mob, the oldest first; or sends one again: 1 unless it was taken. */
export async function deliveries(command: DeliveriesCommand): Promise<number> {
  const server = await expectServer(command.state);
  const print = (delivery: WireDelivery) =>
    console.log(command.json ? jsonLine(delivery) : deliveryLine(delivery));
  if (command.action === 'redrive') {
    const params = { delivery_id: command.deliveryId };
    const delivery = await server.call<WireDelivery>('mobkit/delivery/redrive', params);
    print(delivery);
    return delivery.status === 'sent' ? 0 : 1;
  }
  const { dead, recipient, sink, limit = Infinity } = command;
  const method = dead ? 'mobkit/delivery/dead' : 'mobkit/delivery/history';
  const found: WireDelivery[] = [];
  for (let before: string | undefined; ;) {
    const page = await server.call<{ readonly deliveries: readonly WireDelivery[] }>(method, {
      limit: Math.min(limit - found.length, PAGE),
      ...(recipient !== undefined && { recipient }),
      ...(sink !== undefined && { sink }),
      ...(before !== undefined && { before }),
    });
    found.unshift(...page.deliveries);
    before = page.deliveries[0]?.delivery_id;
    if (page.deliveries.length < PAGE || found.length >= limit) break;
  }
  for (const delivery of found) print(delivery);
  return 0;
}

/** When (UTC), the id, what came of it, where it went, how often it was tried, and why it was not sent. */
function deliveryLine(delivery: WireDelivery): string {
  const { delivery_id: id, status, recipient, sink, attempts, first_attempt_ms: firstMs } = delivery;
  const time = new Date(firstMs ?? 0).toISOString();
  const tried = attempts.length === 1 ? '1 attempt' : `${attempts.length} attempts`;
  const error = status === 'sent' ? undefined : attempts.at(-1)?.error;
  const to = `${terminalLine(recipient, 60)} through ${terminalLine(sink, 40)}`;
  return `${time} ${id} ${status.padEnd(7)} ${to}, ${tried}${error === undefined ? '' : ` | ${terminalLine(error)}`}`;
}
