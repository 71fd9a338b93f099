import { describeMob, type MobEngineParts } from '@mobkit/contract-kit';
import { createMobEngine } from '@mobkit/mob';

import { threeNewStores } from './three-stores.js';

const engine = (parts: MobEngineParts) => createMobEngine({ ...parts, allowEphemeralSessions: true });

for (const { name, open } of threeNewStores()) describeMob({ name, open, engine });
