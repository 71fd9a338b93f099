import { MobError } from '@mobkit/core';

export function notAddressable(identity: string, role: string): MobError {
  const hint = `set \`external_addressable = true\` under [profiles.${role}]`;
  return new MobError('MOB_NOT_ADDRESSABLE', `"${identity}" takes no messages from outside: ${hint}`, {
    details: { identity },
  });
}
