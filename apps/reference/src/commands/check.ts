import { resolve } from 'node:path';

import type { Diagnostic } from '@mobkit/core/mob';
import { checkModels, formatDiagnostic, parseScript, scriptedProvider } from '@mobkit/mob';
import { createLlmProviders } from '@mobkit/llm-ai-sdk';
import { mcpTools } from '@mobkit/mcp-tools/plugin';
import { createRulesRouter } from '@mobkit/router-rules';

import type { Command } from '../cli/command.js';
import { DEFAULT_STATE } from '../cli/kept-state.js';
import { terminalText } from '../cli/terminal-text.js';
import { loadAppConfig } from '../config/load-app-config.js';
import { loadPlugin } from '../config/load-plugin.js';
import { readScript } from '../config/read-script.js';
import { loadMob } from '../config/load-mob.js';
import { checkDiscovery } from '../parts/discovery.js';
import { carriesAll, moduleHost } from '../parts/modules.js';
import { sinkNames, sinks, sinkWarnings } from '../parts/sinks.js';
import { loadStore } from '../store/load-store.js';

/**
 * Prints every diagnostic of a definition; 1 when one is an error. The config beside it is read too, with its script,
 * models, MCP servers, discovery, modules, routes, sinks and plugins; what is wrong there is thrown. Models and sinks that nobody
 * knows are warnings, unless plugins are named, which may bring them, or a module carries for all sinks.
 */
export async function check({ mobFile }: Extract<Command, { name: 'check' }>): Promise<number> {
  const mob = loadMob(resolve(mobFile));
  const show = (diagnostic: Diagnostic) => console.log(terminalText(formatDiagnostic(diagnostic, mobFile)));
  mob.diagnostics.forEach(show);
  const {
    file = mob.file,
    files,
    script,
    mcp,
    discovery,
    models,
    modules,
    routes,
    sinks: sinksConfig,
    store,
    plugins,
  } = await loadAppConfig(mob.file);
  const scripted = scriptedProvider(script === undefined ? parseScript('') : readScript(script));
  const providers = [scripted, ...createLlmProviders({ servers: models })];
  // A plugin may bring models of its own; nothing of it is opened here.
  const unknown =
    mob.definition && plugins.length === 0 ? checkModels(mob.definition, providers, mob.positionOf) : [];
  unknown.forEach(show);
  sinks(sinksConfig);
  const others = plugins.length > 0 || carriesAll(modules);
  const unsunk = others ? [] : sinkWarnings(routes, sinkNames(sinksConfig));
  for (const message of unsunk) {
    const diagnostic = { code: 'unknown_sink', message, location: 'routes', severity: 'warning' } as const;
    console.log(terminalText(formatDiagnostic(diagnostic, file)));
  }
  if (mcp) mcpTools({ servers: mcp });
  if (modules) moduleHost(modules);
  if (discovery) await checkDiscovery(discovery);
  createRulesRouter({ routes });
  const place = (field: string) => ({ file, field, state: DEFAULT_STATE });
  if (store !== undefined) await loadStore(store, place('store'), () => {});
  for (const [at, plugin] of plugins.entries()) await loadPlugin(plugin, place(`plugins[${at}]`));
  for (const unread of [files?.console, files?.access, files?.contacts]) {
    if (unread !== undefined) console.log(terminalText(`${unread}: is not read, nothing here takes it`));
  }
  const errors = mob.diagnostics.filter(({ severity }) => severity === 'error').length;
  const warnings = mob.diagnostics.length + unknown.length + unsunk.length - errors;
  const found =
    errors + warnings === 0 ? 'nothing wrong' : `${count(errors, 'error')}, ${count(warnings, 'warning')}`;
  console.log(terminalText(`${mobFile}: ${found}`));
  return errors > 0 ? 1 : 0;
}

function count(many: number, noun: string): string {
  return `${many} ${noun}${many === 1 ? '' : 's'}`;
}
