import { MobError } from '@mobkit/core';
import {
  type Content,
  formatIncarnation,
  type Incarnation,
  type SendOptions,
  type SendReceipt,
  type Work,
  type WorkReceipt,
} from '@mobkit/core/mob';

import type { Member } from '../../members/member.js';
import type { CommandName } from '../command-table.js';
import { checkMessage, deliverMessage, type Delivered } from '../deliver-message.js';
import { notAddressable } from '../not-addressable.js';
import type { Crew } from '../roster/crew.js';

/** How work reaches members from outside of the mob. */
export class WorkDoor {
  readonly #crew: Crew;

  readonly #spawnMissing: (identity: string) => Promise<void>;

  constructor(crew: Crew, spawnMissing: (identity: string) => Promise<void>) {
    this.#crew = crew;
    this.#spawnMissing = spawnMissing;
  }

  /** @throws as `MobHandle.send`. */
  async send(identity: string, content: Content, options: SendOptions = {}): Promise<SendReceipt> {
    const { internal = false } = options;
    const find = () => this.#crew.expectMember(identity);
    const missing = !internal && !this.#crew.members.has(identity);
    const prepare = missing ? () => this.#spawnMissing(identity) : undefined;
    const delivered = await this.#send('send', find, content, options, prepare);
    const { sessionId, interactionId, handlingMode } = delivered;
    return { identity, sessionId, interactionId, handlingMode };
  }

  /** @throws as `MobComms.submitWork`. */
  async submit(target: Incarnation, fenceToken: number, work: Work): Promise<WorkReceipt> {
    const { content, origin, handlingMode } = work;
    if (!['external', 'internal'].includes(origin))
      throw new TypeError('origin is neither "external" nor "internal"');
    const find = () => this.expectIncarnation(target, fenceToken);
    const { id, interactionId } = await this.#send('submitWork', find, content, {
      internal: origin === 'internal',
      ...(handlingMode && { handlingMode }),
    });
    return { workId: id, interactionId };
  }

  /** @throws MobError `MOB_FENCE_STALE`; `MOB_MEMBER_NOT_FOUND`. */
  expectIncarnation(target: Incarnation, fenceToken: number): Member {
    const member = this.#crew.expectMember(target.identity);
    const { generation, fenceToken: actual } = member.entry;
    if (generation === target.generation && fenceToken === actual) return member;
    const message =
      `${formatIncarnation(target)} with fence ${fenceToken} is not there any more: ` +
      `now it is ${formatIncarnation(member.entry)} with fence ${actual}`;
    throw new MobError('MOB_FENCE_STALE', message, {
      details: { identity: target.identity, expected: actual, actual: fenceToken },
    });
  }

  isAddressable({ profile }: Member): boolean {
    return profile?.external_addressable === true;
  }

  async #send(
    command: CommandName,
    find: () => Member,
    content: Content,
    options: SendOptions,
    prepare?: () => Promise<void>,
  ): Promise<Delivered> {
    const { states, context } = this.#crew;
    states.expect(command);
    const { internal = false, from = 'user', interactionId = context.newId(), handlingMode } = options;
    const message = { interactionId, from, content, ...(handlingMode && { handlingMode }) };
    checkMessage(message);
    // Not awaited for nothing, so that messages keep their order.
    if (prepare) await prepare();
    const admit = () => {
      states.expect(command);
      const member = find();
      if (!internal) this.#expectAddressable(member);
      return member;
    };
    return deliverMessage(context, admit, { kind: 'message', ...message });
  }

  #expectAddressable(member: Member): void {
    const { identity, role } = member.entry;
    if (!this.isAddressable(member)) throw notAddressable(identity, role);
  }
}
