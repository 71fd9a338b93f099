import type { DeliveriesCommand } from './command.js';
import { usageError } from './usage.js';

/** What `mobkit deliveries` takes beside what every command does. */
export const deliveriesOptions = {
  dead: { type: 'boolean', default: false },
  recipient: { type: 'string' },
  sink: { type: 'string' },
  limit: { type: 'string' },
} as const;

interface Values {
  readonly state: string;
  readonly json: boolean;
  readonly dead: boolean;
  readonly recipient?: string | undefined;
  readonly sink?: string | undefined;
  readonly limit?: string | undefined;
}

/** @throws MobError `mobkit/usage` for what is no action, and for what an action does not take. */
export function parseDeliveries(
  [action, deliveryId]: readonly string[],
  { state, json, dead, recipient, sink, limit }: Values,
): DeliveriesCommand {
  const command = { name: 'deliveries', state, json } as const;
  if (action === undefined) {
    return {
      ...command,
      action: 'list',
      dead,
      ...(recipient !== undefined && { recipient }),
      ...(sink !== undefined && { sink }),
      ...(limit !== undefined && { limit: limitOf(limit) }),
    };
  }
  if (action !== 'redrive') throw usageError(`deliveries does not know "${action}"`);
  if (deliveryId === undefined) throw usageError('deliveries redrive needs the id of a delivery');
  for (const [option, given] of Object.entries({ dead: dead || undefined, recipient, sink, limit })) {
    if (given !== undefined) throw usageError(`deliveries redrive does not take --${option}`);
  }
  return { ...command, action, deliveryId };
}

function limitOf(given: string): number {
  if (/^[1-9]\d{0,4}$/.test(given)) return Number(given);
  throw usageError(`--limit ${given} is not a whole number from 1 to 99999`);
}
