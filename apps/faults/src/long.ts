/** Whether this is the long run (`npm run faults`), or the short form among the other tests. */
const LONG = process.env['MOBKIT_FAULTS'] === 'long';

/** How much of something: as the long run does it, and as the short one does. */
export function amount({ long, short }: { readonly long: number; readonly short: number }): number {
  return LONG ? long : short;
}
