// Runs a BigQuery for tests until its standard input ends, which also happens when whoever started it is killed. Prints
// the address when it answers.
//
//   node serve.mjs [port]
//
// JavaScript, because Node 20 runs it as it is; the rest is loaded by the hooks.

await import('../typescript-hooks.mjs');
await import(new URL('main.ts', import.meta.url).href);
