import { errorText, MobError } from '@mobkit/core';
import type { DeliverySink } from '@mobkit/core/ops';

import { isMailAddress } from './mail-address.js';
import { type EmailSinkOptions, parseEmailOptions } from './options.js';

/**
 * Makes the sink `email`: sends each message to the recipient, which is one mail address, through an SMTP server, over a
 * connection of its own. Connects to nothing before the first message, and there is nothing to close.
 *
 * The subject is the `subject` of the payload, else the first line of its text; the body is that text (`payloadText`). Nothing in
 * a message can add a header or a recipient. `Message-ID` is made of the delivery id, the same at every attempt.
 *
 * A refusal of the server with 4xx, and whatever happens before it is sent the message, are failures for the moment; a refusal
 * with 5xx is final. When the connection breaks or the time runs out after that, the outcome is `unknown`.
 *
 * @throws MobError `MOB_CONFIG_INVALID` for options that cannot be meant.
 */
export function createEmailSink(options: EmailSinkOptions): DeliverySink {
  const parsed = parseEmailOptions(options);
  const { host, timeoutMs, clock } = parsed;
  return {
    name: 'email',
    async deliver(message, { signal }) {
      const { recipient } = message.resolution;
      if (!isMailAddress(recipient)) throw failure(host, `"${recipient}" is not one mail address`);
      // Loaded here: a start without it need not wait for it.
      const [{ compose }, { openSmtpSession }] = await Promise.all([
        import('./compose.js'),
        import('./smtp-session.js'),
      ]);
      const letter = await compose(message, parsed, clock.now());
      const session = openSmtpSession(parsed);
      let late = false;
      const cancel = clock.after(timeoutMs, () => {
        late = true;
        session.close();
      });
      const giveUp = () => session.close();
      signal.addEventListener('abort', giveUp);
      try {
        signal.throwIfAborted();
        await session.send(recipient, letter);
        return { sinkAdapter: host };
      } catch (cause) {
        const code = responseCodeOf(cause);
        if (code !== undefined) throw failure(host, errorText(cause), { cause, retryable: code < 500 });
        const why = late ? `no answer within ${timeoutMs} ms` : errorText(cause);
        if (session.handedOver)
          return { sinkAdapter: host, unknown: `${host} did not say that it took the message: ${why}` };
        throw failure(host, why, { cause, retryable: true });
      } finally {
        cancel();
        signal.removeEventListener('abort', giveUp);
        session.close();
      }
    },
  };
}

/** What the server answered; undefined when it did not. */
function responseCodeOf(cause: unknown): number | undefined {
  const code = cause instanceof Error && 'responseCode' in cause ? cause.responseCode : undefined;
  return typeof code === 'number' && code >= 400 ? code : undefined;
}

function failure(
  host: string,
  why: string,
  { cause, retryable = false }: { readonly cause?: unknown; readonly retryable?: boolean } = {},
): MobError {
  return new MobError('MOB_DELIVERY_FAILED', `email: ${host}: ${why}`, {
    retryable,
    details: { host },
    ...(cause !== undefined && { cause }),
  });
}
