/** What ends the programs that run, should this process end without closing anything. One listener for all of them. */
const live = new Set<() => void>();

/** Calls `kill` when this process exits. Returns what takes that back. */
export function killAtExit(kill: () => void): () => void {
  if (live.size === 0) process.once('exit', killLive);
  live.add(kill);
  return () => {
    live.delete(kill);
    if (live.size === 0) process.off('exit', killLive);
  };
}

function killLive(): void {
  for (const kill of live) kill();
}
