import type { DeliveryMessage } from '@mobkit/core/ops';
import { payloadText } from '@mobkit/core/ops';
import MailComposer from 'nodemailer/lib/mail-composer';

import type { ParsedEmailOptions } from './options.js';

/** What people see of a subject in a list is shorter. */
const MOST_SUBJECT = 200;

/** Writes a message as it is sent. Its `Message-ID` is made of the delivery id, and so the same at every attempt. */
export async function compose(
  message: DeliveryMessage,
  { from }: Pick<ParsedEmailOptions, 'from'>,
  nowMs: number,
): Promise<Buffer> {
  const text = payloadText(message.payload);
  const composer = new MailComposer({
    from,
    to: { name: '', address: message.resolution.recipient },
    subject: subjectOf(message, text),
    text,
    date: new Date(nowMs),
    messageId: `<${message.deliveryId}@${from.address.split('@')[1]}>`,
    // Nobody's absence notice is to come back.
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}

/** The `subject` of the payload, else the first line of its text. */
function subjectOf({ payload, from }: DeliveryMessage, text: string): string {
  const given =
    typeof payload === 'object' && payload !== null && 'subject' in payload ? payload.subject : undefined;
  const [subject] = [typeof given === 'string' ? given : '', text.trim().split('\n', 1)[0] ?? '']
    .map((one) => one.replace(/[\s\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim())
    .filter((one) => one !== '');
  return (subject ?? `A message from ${from ?? 'mobkit'}`)
    .slice(0, MOST_SUBJECT)
    .replace(/\p{Surrogate}/gu, '');
}
