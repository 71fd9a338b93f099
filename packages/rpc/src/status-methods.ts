import type { UnifiedRuntime } from '@mobkit/runtime';

import { CONTRACT_VERSION, type Method } from './method.js';
import { noParams, parseParams } from './params.js';
import { toWireArchive, toWireIngest } from './wire.js';

const status: Method = async ({ runtime, mobkitVersion }, params) => {
  parseParams(noParams, params);
  const { running, loadedModules, mobId, mobState, durability, lost } = await runtime.status();
  const ingest = runtime.ingestStats();
  const archive = await runtime.archiveStatus();
  return {
    contract_version: CONTRACT_VERSION,
    ...(mobkitVersion !== undefined && { mobkit_version: mobkitVersion }),
    running,
    loaded_modules: loadedModules,
    mob_id: mobId,
    mob_state: mobState,
    ...(durability && { durability }),
    ...(lost && { lost }),
    ...(ingest && { ingest: toWireIngest(ingest) }),
    ...(archive && { archive: toWireArchive(archive) }),
  };
};

const capabilities: Method = async ({ runtime, methods }, params) => {
  parseParams(noParams, params);
  const { loadedModules } = await runtime.status();
  return {
    contract_version: CONTRACT_VERSION,
    methods,
    loaded_modules: loadedModules,
    runtime_type: 'unified',
    identity_first: false,
    runtime_capabilities: {
      can_spawn_members: methods.includes('mobkit/spawn_member'),
      can_send_messages: methods.includes('mobkit/send_message'),
      can_retire_members: methods.includes('mobkit/retire_member'),
      can_wire_members: methods.includes('mobkit/wire_members'),
      available_spawn_modes: [...(runtime.modules ? ['module'] : []), 'profile'],
      profile_capabilities: profileCapabilities(runtime),
    },
  };
};

export const statusMethods = { 'mobkit/status': status, 'mobkit/capabilities': capabilities };

function profileCapabilities({ mob }: UnifiedRuntime) {
  const members = mob.members();
  return Object.fromEntries(
    Object.entries(mob.definition.profiles).map(([name, profile]) => {
      const instances = members.filter(({ role }) => role === name);
      return [
        name,
        {
          instance_count: instances.length,
          addressable: profile.external_addressable ?? false,
          has_wiring: instances.some(({ wiredTo }) => wiredTo.length > 0),
        },
      ];
    }),
  );
}
