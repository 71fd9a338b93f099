import { type MobPlugin, tokens } from '@mobkit/di';
import { parseScript, scriptedProvider } from '@mobkit/mob';

import { readScript } from '../config/read-script.js';

/** The offline model: plays the script, or answers `ok` when there is none. Any later provider is asked before it. */
export function scriptedModel(file?: string): MobPlugin {
  return {
    name: 'scripted-model',
    register(context) {
      context.contribute(tokens.llmProviders, () =>
        scriptedProvider(file ? readScript(file) : parseScript('')),
      );
    },
  };
}
