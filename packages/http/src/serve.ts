import { firstAborted, type ShutdownReport, type UnifiedRuntime } from '@mobkit/runtime';

import { type HttpListener, type ListenerOptions, openListener } from './http-listener.js';

/** How serving ended, and the runtime with it. */
export interface RunReport {
  readonly serveResult: 'ok' | 'error';
  /** What made serving fail; absent when nothing did. */
  readonly serveError?: string;
  readonly shutdown: ShutdownReport;
}

/** Opens a listener and attaches a runtime to it. Throws what `openListener` throws. */
export async function serve(runtime: UnifiedRuntime, options?: ListenerOptions): Promise<HttpListener> {
  const listener = await openListener(options);
  listener.attach(runtime);
  return listener;
}

/**
 * Waits until `signal` is aborted, then closes the listener and shuts the runtime down, in this order. When the runtime loses
 * its mob to another engine it shuts down by itself; the listener says so until that is done, and is closed then. Never
 * rejects: what went wrong is in the report.
 */
export async function run(
  runtime: UnifiedRuntime,
  listener: HttpListener,
  signal: AbortSignal,
): Promise<RunReport> {
  await firstAborted(signal, runtime.lost);
  if (!signal.aborted) await runtime.shutdown();
  try {
    await listener.close();
  } catch (error) {
    const shutdown = await runtime.shutdown();
    return { serveResult: 'error', serveError: String(error), shutdown };
  }
  return { serveResult: 'ok', shutdown: await runtime.shutdown() };
}
