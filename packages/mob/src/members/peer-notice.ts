import type { PeerChanges } from '../ledger/peer-news.js';
import type { Roster, RosterMember } from '../ledger/roster.js';

/** Names in one line of a notice. */
const MOST_NAMES = 20;

/**
 * The line by line account of who joined and left, for a member to read before its next message; undefined when there is
 * nothing to say or it is not to be told.
 *
 * @param atMost - `max_inline_peer_notifications` of its profile.
 */
export function peerNotice(
  { added, removed }: PeerChanges,
  { wiredTo, externalPeers }: RosterMember,
  roster: Roster,
  atMost = -1,
): string | undefined {
  if (atMost === 0 || (atMost > 0 && wiredTo.size + externalPeers.length > atMost)) return undefined;
  const [retired, unwired] = [
    removed.filter((peer) => !roster.members.has(peer)),
    removed.filter((peer) => roster.members.has(peer)),
  ];
  const lines = [
    lineOf('mob.peer_added', added),
    lineOf('mob.peer_retired', retired),
    lineOf('mob.peer_unwired', unwired),
  ].flat();
  return lines.length === 0 ? undefined : ['[peers]', ...lines].join('\n');
}

function lineOf(kind: string, peers: readonly string[]): readonly string[] {
  if (peers.length === 0) return [];
  const more = peers.length - MOST_NAMES;
  const rest = more > 0 ? ` and ${more} more, \`peers\` lists who is there` : '';
  return [`${kind}: ${peers.slice(0, MOST_NAMES).join(', ')}${rest}`];
}
