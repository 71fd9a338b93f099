import { copyFileSync } from 'node:fs';
import { join } from 'node:path';

import { workspaceRoot } from './workspace-root.mjs';

// Before a package is packed: a tarball takes files of its own directory only.
for (const licence of ['LICENSE-MIT', 'LICENSE-APACHE']) {
  copyFileSync(join(workspaceRoot, licence), join(process.cwd(), licence));
}
