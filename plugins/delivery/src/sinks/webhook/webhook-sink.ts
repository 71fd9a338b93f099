import { errorText, MobError } from '@mobkit/core';
import type { DeliveryMessage, DeliverySink, SinkReceipt } from '@mobkit/core/ops';

import { drain } from './drain.js';
import {
  parseWebhookOptions,
  type ParsedWebhookOptions,
  type Target,
  type WebhookSinkOptions,
} from './options.js';
import type { Resolve } from './pinned-call.js';
import { refusal } from './refusal.js';
import { sign } from './signature.js';

/**
 * Makes the sink `webhook`: sends each message as JSON with a POST to the recipient, if that is an `http:` or `https:`
 * address, else to the endpoint it has. Connects to nothing before the first message.
 *
 * The body is `{ delivery_id, recipient, channel, from?, interaction_id?, idempotency_key?, payload }`. Its `webhook-id` and
 * `Idempotency-Key` are the delivery id, the same at every attempt; with a secret it is signed as Standard Webhooks has it,
 * which `verifyWebhook` checks. An answer of 200 to 299 takes the message. 408, 425, 429, 5xx (and 409 when receivers are
 * `idempotent`) are failures for the moment, which wait as long as `Retry-After` says; every other answer is final, a redirect
 * among them. What cannot be connected to was not sent and is tried again; when a connection breaks or the time runs out
 * afterwards, the outcome is `unknown`.
 *
 * A host that leads to an address that is not public is refused unless `privateHosts` names it, whatever its name leads to by
 * then: the connection is made to the address that was checked.
 *
 * @throws MobError `MOB_CONFIG_INVALID` for options that cannot be meant.
 */
export function createWebhookSink(options: WebhookSinkOptions = {}): DeliverySink {
  return webhookSinkOver(parseWebhookOptions(options));
}

/** @param resolve - asked for the addresses of a host. @defaultValue the system */
export function webhookSinkOver(options: ParsedWebhookOptions, resolve?: Resolve): DeliverySink {
  const { clock, timeoutMs, idempotent } = options;
  return {
    name: 'webhook',
    idempotent,
    async deliver(message, { signal }) {
      const target = targetOf(options, message);
      options.guard.checkUrl(target.url);
      // Loaded here: a start without it need not wait for it.
      const { openPinnedCall } = await import('./pinned-call.js');
      const call = openPinnedCall(target.url, options.guard, resolve);
      const late = new AbortController();
      const cancel = clock.after(timeoutMs, () => late.abort());
      const until = AbortSignal.any([signal, late.signal]);
      try {
        const response = await call.fetch({ ...requestOf(message, target, clock.now()), signal: until });
        // Before the body: that it took the message is known, whatever becomes of what else it says.
        const failure = refusal(response, { url: target.url, idempotent, nowMs: clock.now() });
        await drain(response);
        if (failure) throw failure;
        return { sinkAdapter: target.url.host };
      } catch (cause) {
        if (cause instanceof MobError) throw cause;
        if (call.refusal !== undefined) throw call.refusal;
        const why = late.signal.aborted ? `no answer within ${timeoutMs} ms` : reasonOf(cause);
        return withoutAnswer(target.url, {
          stage: call.stage,
          aborted: until.aborted,
          idempotent,
          why,
          cause,
        });
      } finally {
        cancel();
        await call.close();
      }
    },
  };
}

function targetOf({ endpoints, key }: ParsedWebhookOptions, { resolution }: DeliveryMessage): Target {
  const { recipient, routeKey } = resolution;
  const own = endpoints.get(recipient);
  if (own) return own;
  if (/^https?:\/\//i.test(recipient)) {
    if (URL.canParse(recipient)) return { url: new URL(recipient), ...(key && { key }) };
    throw new MobError('MOB_DELIVERY_FAILED', 'webhook: the recipient is no address that can be read');
  }
  const found = (routeKey === undefined ? undefined : endpoints.get(routeKey)) ?? endpoints.get('*');
  if (found) return found;
  throw new MobError('MOB_DELIVERY_FAILED', `webhook: "${recipient}" is no address and has no endpoint`);
}

function requestOf(message: DeliveryMessage, { key }: Target, nowMs: number) {
  const { deliveryId: id, resolution, payload, from, interactionId, idempotencyKey } = message;
  const body = JSON.stringify({
    delivery_id: id,
    recipient: resolution.recipient,
    channel: resolution.channel,
    from,
    interaction_id: interactionId,
    idempotency_key: idempotencyKey,
    payload,
  });
  const timestamp = String(Math.floor(nowMs / 1_000));
  return {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'mobkit-webhook',
      // Nobody reads the answer, and what is packed can be larger than it looks.
      'accept-encoding': 'identity',
      'idempotency-key': id,
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      ...(key && { 'webhook-signature': sign(key, { id, timestamp, body }) }),
    },
  };
}

interface Circumstances {
  readonly stage: 'begun' | 'connecting' | 'connected';
  readonly aborted: boolean;
  readonly idempotent: boolean;
  readonly why: string;
  readonly cause: unknown;
}

/** @throws MobError unless nobody knows what became of the call. */
function withoutAnswer(url: URL, { stage, aborted, idempotent, why, cause }: Circumstances): SinkReceipt {
  if (stage === 'connected' && !idempotent) {
    return { sinkAdapter: url.host, unknown: `${url.origin} did not answer: ${why}` };
  }
  const what = stage === 'connected' ? 'did not answer' : 'could not be reached';
  throw new MobError('MOB_DELIVERY_FAILED', `webhook: ${url.origin} ${what}: ${why}`, {
    cause,
    // What never began to connect is refused by `fetch`, as a port that is kept for another protocol, and always will be.
    retryable: aborted || stage !== 'begun',
    details: { host: url.host },
  });
}

/** `fetch` says of everything that it failed; why stands underneath. */
function reasonOf(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause !== undefined ? cause.cause : cause;
  const text = errorText(inner);
  return text === '' && inner instanceof Error && 'code' in inner ? String(inner.code) : text;
}
