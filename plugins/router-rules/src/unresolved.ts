import { MobError } from '@mobkit/core';
import type { Route } from '@mobkit/core/ops';

import { ANY } from './match-route.js';

/** An error is read by people and by models: it names the first of the recipients, and `details` has more. */
const NAMED_IN_MESSAGE = 20;

const NAMED_IN_DETAILS = 256;

/** The error of a recipient that no route takes, and whose form says nothing. */
export function unresolved(recipient: string, channel: string, routes: readonly Route[]): MobError {
  const known = [...new Set(routes.map((route) => route.recipient))];
  const named = known.slice(0, NAMED_IN_MESSAGE).map((name) => (name === ANY ? 'anyone' : `"${name}"`));
  const more = known.length - named.length;
  const others =
    known.length === 0
      ? 'there are no routes'
      : `there are routes to ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return new MobError(
    'MOB_ROUTE_UNRESOLVED',
    `No route takes "${recipient}" on channel "${channel}": ${others}`,
    { details: { recipient, channel, knownRecipients: known.slice(0, NAMED_IN_DETAILS) } },
  );
}
