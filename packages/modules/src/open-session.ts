import type { ModuleBoundary } from '@mobkit/core/ops';

import { LinesSession } from './lines-session.js';
import type { Session, SessionDeps } from './session.js';

/** Starts a process of a module. */
export async function openSession(boundary: ModuleBoundary, deps: SessionDeps): Promise<Session> {
  if (boundary === 'lines') return new LinesSession(deps);
  // Only now: a host whose modules speak lines does not load the SDK.
  const { McpSession } = await import('./mcp-session.js');
  return new McpSession(deps);
}
