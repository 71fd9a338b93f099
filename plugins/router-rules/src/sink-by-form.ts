/** The sink for a recipient whose form says what it is; undefined for a mere name. */
export function sinkByForm(recipient: string): string | undefined {
  // Before the `@`: an address may hold one.
  if (/^https?:\/\//iu.test(recipient)) return 'webhook';
  if (recipient.includes('@')) return 'email';
  return recipient.startsWith('+') ? 'sms' : undefined;
}
