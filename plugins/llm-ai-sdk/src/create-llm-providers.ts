import { type Clock, MobError, systemClock } from '@mobkit/core';
import type { LlmProvider } from '@mobkit/core/mob';

import { AiSdkClient } from './ai-sdk-client.js';
import { boundedFetch } from './bounded-fetch.js';
import { Failures } from './failures.js';
import { knownModels } from './known-models.js';
import type { ModelCatalogue } from './model-catalogue.js';
import { compatibleKind, type Connection, type ModelServer, serverKinds } from './model-server.js';

/** Which servers answer for which models. */
export interface LlmProvidersOptions {
  /**
   * Servers, by the name that stands before the slash of a model. `openai`, `anthropic` and `google` are there without
   * it and can be set here; any other is an OpenAI-compatible server and needs a `baseUrl`.
   *
   * @defaultValue `{}`
   */
  readonly servers?: Readonly<Record<string, ModelServer>>;
  /** Which bare names belong to whom. @defaultValue `knownModels` */
  readonly catalogue?: ModelCatalogue;
  /** Where keys are looked up. @defaultValue the process's environment */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** An answer of which nothing comes for so long has failed. @defaultValue 300000 */
  readonly inactivityTimeoutMs?: number;
  /** @defaultValue the machine's */
  readonly clock?: Clock;
}

const INACTIVITY_TIMEOUT_MS = 300_000;
const NAME = /^[\w.-]{1,64}$/;

/**
 * Makes a provider for each server. Connects to nothing: a key that is missing fails the request that needs it.
 *
 * @throws MobError `MOB_CONFIG_INVALID` for a server without a usable name or address.
 */
export function createLlmProviders(options: LlmProvidersOptions = {}): readonly LlmProvider[] {
  const { servers = {}, catalogue = knownModels } = options;
  const names = new Set([...Object.keys(serverKinds), ...Object.keys(servers)]);
  return [...names].map((name) => ({
    client: createClient(name, servers[name] ?? {}, options),
    supports: (model) => model.startsWith(`${name}/`) || catalogue.find(model)?.provider === name,
  }));
}

function createClient(name: string, server: ModelServer, options: LlmProvidersOptions): AiSdkClient {
  const { catalogue = knownModels, env = process.env, clock = systemClock } = options;
  const { inactivityTimeoutMs = INACTIVITY_TIMEOUT_MS } = options;
  const kind = serverKinds[name] ?? compatibleKind;
  const baseUrl = addressOf(name, server.baseUrl ?? kind.baseUrl);
  const apiKeyEnv = server.apiKeyEnv ?? kind.apiKeyEnv;
  const apiKey = server.apiKey ?? (apiKeyEnv === undefined ? undefined : env[apiKeyEnv]);
  const failures = new Failures(name, apiKey === undefined ? [] : [apiKey], clock);
  const needed = apiKeyEnv !== undefined && (apiKey === undefined || apiKey === '');
  const connection: Connection | MobError = needed
    ? failures.failure('auth', `there is no key: set ${apiKeyEnv}`)
    : {
        name,
        baseUrl,
        structuredOutputs: serverKinds[name] !== undefined || (server.structuredOutputs ?? false),
        fetch: boundedFetch,
        ...(apiKey !== undefined && { apiKey }),
      };
  return new AiSdkClient(name, { kind, connection, catalogue, failures, clock, inactivityTimeoutMs });
}

function addressOf(name: string, baseUrl: string | undefined): string {
  if (!NAME.test(name))
    throw invalid(name, 'its name may have letters, digits, ".", "-" and "_", at most 64');
  if (baseUrl === undefined)
    throw invalid(name, 'it needs a base URL: only openai, anthropic and google have one');
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    throw invalid(name, 'its base URL is not an http or https address');
  // It would be shown wherever the address is.
  if (url.username !== '' || url.password !== '')
    throw invalid(name, 'its base URL holds a password: use a key');
  return baseUrl.replace(/\/+$/, '');
}

function invalid(name: string, why: string): MobError {
  return new MobError('MOB_CONFIG_INVALID', `Model server "${name}": ${why}`, { details: { server: name } });
}
