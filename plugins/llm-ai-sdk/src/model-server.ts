import type { LanguageModelV3 } from '@ai-sdk/provider';

/** Where models are asked. */
export interface ModelServer {
  /** @defaultValue the provider's own; a server of another name needs one */
  readonly baseUrl?: string;
  /** Wins over `apiKeyEnv`. */
  readonly apiKey?: string;
  /**
   * The environment variable that holds the key.
   *
   * @defaultValue `OPENAI_API_KEY`, `ANTHROPIC_API_KEY`, `GOOGLE_GENERATIVE_AI_API_KEY`; none for other servers, which
   * are then asked without a key
   */
  readonly apiKeyEnv?: string;
  /**
   * Whether an OpenAI-compatible server can hold its answer to a JSON Schema. One that cannot is not told of it.
   *
   * @defaultValue false
   */
  readonly structuredOutputs?: boolean;
}

/** A server whose address and key are known. */
export interface Connection {
  readonly name: string;
  readonly baseUrl: string;
  readonly apiKey?: string;
  readonly structuredOutputs: boolean;
  readonly fetch: typeof fetch;
}

/** How one kind of server is spoken to. */
export interface ServerKind {
  readonly baseUrl?: string;
  readonly apiKeyEnv?: string;
  /** What makes models of it. Loaded when the first is asked: most programs need one kind at most. */
  readonly load: (connection: Connection) => Promise<(model: string) => LanguageModelV3>;
  /** What a request of our own carries to be let in. */
  readonly headers: (apiKey: string) => Readonly<Record<string, string>>;
}

/** The kinds with a name of their own; every other name is an OpenAI-compatible server. */
export const serverKinds: Readonly<Record<string, ServerKind>> = {
  openai: {
    baseUrl: 'https://api.openai.com/v1',
    apiKeyEnv: 'OPENAI_API_KEY',
    async load({ baseUrl: baseURL, apiKey = '', fetch }) {
      const { createOpenAI } = await import('@ai-sdk/openai');
      return createOpenAI({ baseURL, apiKey, fetch });
    },
    headers: bearer,
  },
  anthropic: {
    baseUrl: 'https://api.anthropic.com/v1',
    apiKeyEnv: 'ANTHROPIC_API_KEY',
    async load({ baseUrl: baseURL, apiKey = '', fetch }) {
      const { createAnthropic } = await import('@ai-sdk/anthropic');
      return createAnthropic({ baseURL, apiKey, fetch });
    },
    headers: (apiKey) => ({ 'x-api-key': apiKey, 'anthropic-version': '2023-06-01' }),
  },
  google: {
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
    apiKeyEnv: 'GOOGLE_GENERATIVE_AI_API_KEY',
    async load({ baseUrl: baseURL, apiKey = '', fetch }) {
      const { createGoogleGenerativeAI } = await import('@ai-sdk/google');
      return createGoogleGenerativeAI({ baseURL, apiKey, fetch });
    },
    headers: (apiKey) => ({ 'x-goog-api-key': apiKey }),
  },
};

export const compatibleKind: ServerKind = {
  async load({ name, baseUrl: baseURL, apiKey, structuredOutputs, fetch }) {
    const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
    return createOpenAICompatible({
      name,
      baseURL,
      ...(apiKey !== undefined && { apiKey }),
      includeUsage: true,
      supportsStructuredOutputs: structuredOutputs,
      // The API they are compatible with takes them; whether the model does is for it to say.
      supportedUrls: () => ({ 'image/*': [/^https?:/] }),
      fetch,
    });
  },
  headers: bearer,
};

function bearer(apiKey: string) {
  return { authorization: `Bearer ${apiKey}` };
}
