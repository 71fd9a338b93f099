import { describeModuleHost } from '@mobkit/contract-kit';

import { lines, mcpEnv, shell } from '../test/support/start-modules.js';
import { tricks } from '../test/support/tricks.js';
import { createModules } from './create-modules.js';

const bad = shell('bad', 'exit 1');

describeModuleHost({
  name: 'lines',
  open: (wanted) =>
    createModules({ modules: [lines('zulu'), bad, lines('alpha')], discovery: { modules: wanted } }),
});

describeModuleHost({
  name: 'MCP',
  open: (wanted) =>
    createModules({
      modules: [tricks('zulu'), bad, tricks('alpha')],
      discovery: { modules: wanted },
      preSpawn: [mcpEnv('zulu'), mcpEnv('alpha')],
    }),
});
