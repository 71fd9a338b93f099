export { createLlmProviders } from './create-llm-providers.js';
export type { LlmProvidersOptions } from './create-llm-providers.js';
export type { FailureKind } from './failure-kind.js';
export { knownModels, modelCatalogue } from './known-models.js';
export type { ModelCatalogue, ModelInfo } from './model-catalogue.js';
export type { ModelServer } from './model-server.js';
