import type { MobHandle } from '@mobkit/core/mob';
import { type DeliverySink, payloadText } from '@mobkit/core/ops';

/**
 * Makes the sink `mob_member`: the recipient is the identity of a member, also of one that callers outside may not
 * address. The message is handed over when it is kept for the member, before that works on it, and belongs to the same
 * interaction.
 *
 * @param mob - asked for at each message, so that the sink can be made before there is a mob.
 */
export function createMemberSink(mob: () => MobHandle): DeliverySink {
  return {
    name: 'mob_member',
    async deliver({ from, resolution: { recipient }, payload, interactionId }) {
      await mob().send(recipient, payloadText(payload), {
        internal: true,
        ...(from !== undefined && { from }),
        ...(interactionId !== undefined && { interactionId }),
      });
    },
  };
}
