import './check-platform.mjs';
import { makeReady } from './make-ready.mjs';
import { runApp } from './run-app.mjs';
import { say } from './say.mjs';
import { workspaceRoot } from './workspace-root.mjs';

const code = await makeReady(workspaceRoot, { build: ['apps/reference'] });
if (code === 0) {
  say('starting');
  await runApp(workspaceRoot, ['up', ...process.argv.slice(2)]);
} else {
  process.exitCode = code;
}
