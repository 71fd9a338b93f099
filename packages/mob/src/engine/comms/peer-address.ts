import type { PeerAddress } from '@mobkit/core/mob';

/** `inproc://<mob>/<role>/<identity>`, each part as in a URL. */
export function formatPeerAddress({ mobId, role, identity }: PeerAddress): string {
  return `inproc://${[mobId, role, identity].map(encodeURIComponent).join('/')}`;
}

/** Undefined for an address of another kind. */
export function parsePeerAddress(address: string): PeerAddress | undefined {
  const parts = /^inproc:\/\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(address)?.slice(1);
  try {
    const [mobId, role, identity] = (parts ?? []).map(decodeURIComponent);
    return mobId && role && identity ? { mobId, role, identity } : undefined;
  } catch {
    return undefined;
  }
}
