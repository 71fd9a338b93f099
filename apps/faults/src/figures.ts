import { appendFileSync } from 'node:fs';

/** Says what a run came to: a line of the table that `npm run faults` prints at its end. */
export function tell(fault: string, figures: Readonly<Record<string, number | string>>): void {
  const file = process.env['MOBKIT_FAULT_FIGURES'];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ fault, ...figures })}\n`);
}
