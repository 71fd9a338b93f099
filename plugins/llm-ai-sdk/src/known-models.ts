import type { ModelCatalogue, ModelInfo } from './model-catalogue.js';

const K = 1000;
const Ki = 1024;

/** A limit is only here when its provider has published it. */
function family(
  provider: string,
  names: readonly string[],
  limits: Omit<ModelInfo, 'provider'> = {},
): [string, ModelInfo][] {
  return names.map((name) => [name, { provider, ...limits }]);
}

const models: ReadonlyMap<string, ModelInfo> = new Map([
  ...family('openai', ['gpt-4o', 'gpt-4o-mini'], {
    contextWindowTokens: 128 * K,
    maxOutputTokens: 16 * Ki,
  }),
  ...family('openai', ['gpt-4.1', 'gpt-4.1-mini', 'gpt-4.1-nano'], {
    contextWindowTokens: 1_047_576,
    maxOutputTokens: 32 * Ki,
  }),
  ...family('openai', ['o1', 'o3', 'o3-mini', 'o4-mini'], {
    contextWindowTokens: 200 * K,
    maxOutputTokens: 100 * K,
  }),
  ...family('openai', ['gpt-5', 'gpt-5-mini', 'gpt-5-nano', 'gpt-5-codex', 'gpt-5.1', 'gpt-5.2'], {
    contextWindowTokens: 400 * K,
    maxOutputTokens: 128 * K,
  }),
  ...family('openai', [
    'gpt-5-pro',
    'gpt-5.1-codex',
    'gpt-5.1-codex-mini',
    'gpt-5.1-codex-max',
    'gpt-5.2-pro',
    'gpt-5.2-codex',
    'gpt-5.3-codex',
    'gpt-5.4',
    'gpt-5.4-mini',
    'gpt-5.4-nano',
    'gpt-5.4-pro',
    'gpt-5.5',
    'gpt-5.6',
    'gpt-5.6-luna',
    'gpt-5.6-sol',
    'gpt-5.6-terra',
    'gpt-6-astra',
    'gpt-6-luna',
    'gpt-6-sol',
    'gpt-6.1-sol',
    'gpt-6.1-terra',
  ]),

  ...family('anthropic', ['claude-opus-4-1'], {
    contextWindowTokens: 200 * K,
    maxOutputTokens: 32 * K,
  }),
  ...family('anthropic', ['claude-opus-4-5', 'claude-sonnet-4-5', 'claude-haiku-4-5'], {
    contextWindowTokens: 200 * K,
    maxOutputTokens: 64 * K,
  }),
  ...family(
    'anthropic',
    [
      'claude-opus-4-6',
      'claude-opus-4-7',
      'claude-opus-4-8',
      'claude-opus-5',
      'claude-opus-5-5',
      'claude-sonnet-4-6',
      'claude-sonnet-5',
      'claude-sonnet-5-5',
      'claude-haiku-5-5',
      'claude-fable-5',
      'claude-fable-5-1',
    ],
    { maxOutputTokens: 128 * K },
  ),

  ...family('google', ['gemini-2.0-flash', 'gemini-2.0-flash-lite'], {
    contextWindowTokens: Ki * Ki,
    maxOutputTokens: 8 * Ki,
  }),
  ...family(
    'google',
    ['gemini-2.5-pro', 'gemini-2.5-flash', 'gemini-3-pro-preview', 'gemini-3-flash-preview'],
    { contextWindowTokens: Ki * Ki, maxOutputTokens: 64 * Ki },
  ),
  ...family('google', [
    'gemini-2.5-flash-lite',
    'gemini-3.1-pro-preview',
    'gemini-3.1-flash-lite-preview',
    'gemini-3.5-flash',
    'gemini-3.5-flash-lite',
    'gemini-3.6-flash',
    'gemini-3.7-flash',
    'gemini-3.8-flash',
    'gemini-4-argon',
    'gemini-pro-latest',
    'gemini-flash-latest',
    'gemini-flash-lite-latest',
  ]),
]);

/** `-2025-04-14` and `-20250929`: one state of a model that is known. */
const DATED = /-\d{4}-?\d\d-?\d\d$/;

/**
 * The models of OpenAI, Anthropic and Google that were out when this version was, under their bare names or with a date
 * behind. A newer one is asked for with its provider in front: `openai/…`.
 */
export const knownModels: ModelCatalogue = {
  find: (model) => models.get(model) ?? models.get(model.replace(DATED, '')),
};

/**
 * A catalogue of these models, by name.
 *
 * @param over - Asked for what is not among them. @defaultValue `knownModels`
 */
export function modelCatalogue(
  entries: Readonly<Record<string, ModelInfo>>,
  over: ModelCatalogue = knownModels,
): ModelCatalogue {
  const own = new Map(Object.entries(entries));
  return { find: (model) => own.get(model) ?? over.find(model) };
}
