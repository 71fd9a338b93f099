import type { Content, MobHandle, SendOptions } from '@mobkit/core/mob';

/** A mob that only takes messages, and remembers them. */
export function fakeMob() {
  const sent: { readonly identity: string; readonly content: Content; readonly options?: SendOptions }[] = [];
  const mob: Pick<MobHandle, 'send'> = {
    async send(identity, content, options) {
      sent.push({ identity, content, ...(options && { options }) });
      return {
        identity,
        sessionId: 's',
        interactionId: options?.interactionId ?? 'new',
        handlingMode: 'queue',
      };
    },
  };
  return { mob: mob as MobHandle, sent };
}
