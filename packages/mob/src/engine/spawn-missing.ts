import type { Mob } from './mob.js';
import type { MobContext } from './mob-context.js';

/** Spawns the first roster, but those that were spawned once: what was retired stays retired. @throws as `MobHandle.spawn`. */
export async function spawnMissing({ definition, ledger: { roster } }: MobContext, mob: Mob): Promise<void> {
  const missing = (definition.members ?? []).filter(({ identity }) => roster.nextGeneration(identity) === 0);
  const outcomes = await mob.spawnMany(
    missing.map(({ identity, profile, initial_message: initialMessage, labels }) => ({
      identity,
      profile,
      ...(initialMessage !== undefined && { initialMessage }),
      ...(labels && { labels }),
    })),
  );
  for (const outcome of outcomes) if ('error' in outcome) throw outcome.error;
}
