import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

import { MobError } from '@mobkit/core';
import type { Resolution } from '@mobkit/core/ops';

const PREFIX = 'route-';
const EXPIRY_BYTES = 6;
/** In the year 10889. */
const LATEST_EXPIRY_MS = 2 ** (8 * EXPIRY_BYTES) - 1;
const NONCE_BYTES = 12;
/** Of the route that decided. */
const ROUTE_BYTES = 8;
const HEAD_BYTES = EXPIRY_BYTES + NONCE_BYTES + ROUTE_BYTES;
const ISSUED_BYTES = 12;
const FIELDS_BYTES = 16;

/**
 * Writes route ids that prove themselves: an expiry and a nonce; a MAC over them, which says that they were given out here;
 * one over all that the resolution says, which says that nothing was altered. So none needs to be remembered, and none is
 * forgotten.
 */
export class ResolutionSeal {
  readonly #key: Buffer;

  /** @param key - of one mob: what another gives out is unknown to it. */
  constructor(key: Buffer) {
    this.#key = key;
  }

  seal(unsealed: Omit<Resolution, 'routeId'>, expiresAtMs: number): Resolution {
    const expiry = Buffer.alloc(EXPIRY_BYTES);
    expiry.writeUIntBE(Math.min(expiresAtMs, LATEST_EXPIRY_MS), 0, EXPIRY_BYTES);
    const head = Buffer.concat([expiry, randomBytes(NONCE_BYTES), this.#routeMac(unsealed.routeKey)]);
    const macs = [this.#issuedMac(head), this.#fieldsMac(head, unsealed)];
    return { routeId: PREFIX + Buffer.concat([head, ...macs]).toString('base64url'), ...unsealed };
  }

  /** @throws MobError `MOB_ROUTE_UNTRUSTED`, as `Router.verify`. */
  check(resolution: Resolution, nowMs: number): void {
    const { routeId, routeKey } = resolution;
    const sealed = bytesOf(routeId);
    const head = sealed?.subarray(0, HEAD_BYTES);
    const issued = sealed?.subarray(HEAD_BYTES, HEAD_BYTES + ISSUED_BYTES);
    if (!sealed || !head || !issued || !timingSafeEqual(issued, this.#issuedMac(head))) {
      throw untrusted(routeId, 'unknown', `route_id '${routeId}' was not issued by routing/resolve`);
    }
    const fields = sealed.subarray(HEAD_BYTES + ISSUED_BYTES);
    const route = head.subarray(EXPIRY_BYTES + NONCE_BYTES);
    // A client may leave out which route it was: it decides nothing any more.
    const sameRoute = routeKey === undefined || timingSafeEqual(route, this.#routeMac(routeKey));
    if (!sameRoute || !timingSafeEqual(fields, this.#fieldsMac(head, resolution))) {
      throw untrusted(routeId, 'forged', `resolution does not match the trusted route for route_id`);
    }
    const expiresAtMs = head.readUIntBE(0, EXPIRY_BYTES);
    if (nowMs < expiresAtMs) return;
    const when = new Date(expiresAtMs).toISOString();
    throw untrusted(routeId, 'expired', `route_id '${routeId}' expired at ${when}: resolve again`);
  }

  #issuedMac(head: Buffer): Buffer {
    return this.#mac('issued', [head.toString('base64url')], ISSUED_BYTES);
  }

  #fieldsMac(head: Buffer, given: Omit<Resolution, 'routeId'>): Buffer {
    const { recipient, channel, sink, targetModule, retryMax, backoffMs, rateLimitPerMinute } = given;
    const limits = [retryMax, backoffMs, rateLimitPerMinute];
    const said = [head.toString('base64url'), recipient, channel, sink, targetModule, ...limits];
    return this.#mac('fields', said, FIELDS_BYTES);
  }

  #routeMac(routeKey: string | undefined): Buffer {
    return this.#mac('route', [routeKey ?? null], ROUTE_BYTES);
  }

  /** JSON, so that no two lists read the same; with what it is for, so that none stands for another. */
  #mac(use: string, said: readonly unknown[], bytes: number): Buffer {
    const hmac = createHmac('sha256', this.#key);
    return hmac
      .update(JSON.stringify([use, ...said]))
      .digest()
      .subarray(0, bytes);
  }
}

function bytesOf(routeId: unknown): Buffer | undefined {
  if (typeof routeId !== 'string' || !routeId.startsWith(PREFIX)) return undefined;
  const text = routeId.slice(PREFIX.length);
  const bytes = Buffer.from(text, 'base64url');
  // Decoding is lenient: there is one spelling of each, and it is the one given out.
  if (bytes.length !== HEAD_BYTES + ISSUED_BYTES + FIELDS_BYTES || bytes.toString('base64url') !== text) {
    return undefined;
  }
  return bytes;
}

function untrusted(routeId: string, reason: 'unknown' | 'forged' | 'expired', message: string): MobError {
  return new MobError('MOB_ROUTE_UNTRUSTED', message, { details: { routeId, reason } });
}
