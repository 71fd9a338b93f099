export { parseScript } from './parse-script.js';
export { providerOf } from './provider-of.js';
export type { Script, ScriptCall, ScriptRule, ScriptStep } from './script.js';
export { scriptedProvider } from './scripted-provider.js';
export { DelayedTestClient, TestClient, testProvider } from './test-client.js';
export type { DelayedTestClientOptions, TestClientOptions } from './test-client.js';
