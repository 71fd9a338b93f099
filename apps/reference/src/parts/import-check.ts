import { MobError } from '@mobkit/core';
import { type MobPlugin, tokens } from '@mobkit/di';

import { IMPORT_KEY, type ImportMark, importsDefinition } from '../transfer/import-mark.js';

/** Refuses to start on a store of which an import has brought only a part: the rest could not be brought any more. */
export function importCheck(): MobPlugin {
  return {
    name: 'import-check',
    register: ({ container, lifecycle }) =>
      lifecycle.add({
        name: 'import-check',
        async start() {
          const storage = container.resolve(tokens.storage);
          await storage.prepare([importsDefinition]);
          const record = await storage.records(importsDefinition).get(IMPORT_KEY);
          if (!record || (JSON.parse(record.data) as ImportMark).done) return;
          throw new MobError(
            'MOB_CONFLICT',
            'An import into this store was cut short: run `mobkit import` with the same file again, then start',
          );
        },
      }),
  };
}
