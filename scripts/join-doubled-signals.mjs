const signals = new Set(['SIGINT', 'SIGTERM', 'SIGHUP']);

/**
 * Makes one Ctrl-C count once. The terminal signals the whole process group and npm hands its own signal on, so that a
 * program under npm sees two, and would take the second for "at once". To be called before listeners are added.
 *
 * @param {NodeJS.EventEmitter} [target]
 * @param {{ withinMs?: number, nowMs?: () => number }} [options] the same signal again within this time is the same one
 */
export function joinDoubledSignals(
  target = process,
  { withinMs = 300, nowMs = () => performance.now() } = {},
) {
  /** @type {Map<string | symbol, number>} */
  const seenAtMs = new Map();
  const emit = target.emit.bind(target);
  target.emit = (name, ...args) => {
    if (!signals.has(String(name))) return emit(name, ...args);
    const at = nowMs();
    if (at - (seenAtMs.get(name) ?? -Infinity) < withinMs) return true;
    seenAtMs.set(name, at);
    return emit(name, ...args);
  };
}
