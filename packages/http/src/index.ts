export type { ConnectionInfo } from './connection-info.js';
export { createHttpHandler } from './create-http-handler.js';
export type { HttpHandler, HttpHandlerOptions } from './create-http-handler.js';
export { openListener } from './http-listener.js';
export type { HttpListener, ListenerOptions } from './http-listener.js';
export { run, serve } from './serve.js';
export type { RunReport } from './serve.js';
