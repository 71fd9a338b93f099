#!/usr/bin/env node
import './check-platform.mjs';
import { runApp } from './run-app.mjs';
import { workspaceRoot } from './workspace-root.mjs';

await runApp(workspaceRoot, process.argv.slice(2));
