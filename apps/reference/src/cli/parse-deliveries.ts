import type { DeliveriesCommand } from './command.js';
import { usageError } from './usage.js';

/** What `mobkit deliveries` takes beside what every command does. */
export const deliveriesOptions = {
  dead: { type: 'boolean', default: false },
  recipient: { type: 'string' },
  sink: { type: 'string' },
} as const;

interface Values {
  readonly state: string;
  readonly json: boolean;
  readonly dead: boolean;
  readonly recipient?: string | undefined;
  readonly sink?: string | undefined;
}

/** @throws MobError `mobkit/usage` for what is no action, and for what an action does not take. */
export function parseDeliveries(
  [action, deliveryId]: readonly string[],
  { state, json, dead, recipient, sink }: Values,
): DeliveriesCommand {
  const command = { name: 'deliveries', state, json } as const;
  if (action === undefined) {
    return {
      ...command,
      action: 'list',
      dead,
      ...(recipient !== undefined && { recipient }),
      ...(sink !== undefined && { sink }),
    };
  }
  if (action !== 'redrive') throw usageError(`deliveries does not know "${action}"`);
  if (deliveryId === undefined) throw usageError('deliveries redrive needs the id of a delivery');
  const other = dead ? '--dead' : recipient === undefined ? sink && '--sink' : '--recipient';
  if (other !== undefined) throw usageError(`deliveries redrive does not take ${other}`);
  return { ...command, action, deliveryId };
}
