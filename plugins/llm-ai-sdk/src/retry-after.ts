/** How long a provider asks to be left alone. Undefined when it does not say, or not in a form that is known. */
export function retryAfterMs(
  header: (name: string) => string | undefined,
  body: string,
  nowMs: number,
): number | undefined {
  const exact = numberIn(header('retry-after-ms'));
  if (exact !== undefined) return wait(exact);
  const said = header('retry-after');
  const seconds = numberIn(said);
  if (seconds !== undefined) return wait(seconds * 1000);
  const date = said === undefined ? Number.NaN : Date.parse(said);
  if (!Number.isNaN(date)) return wait(date - nowMs);
  // Google says it in the answer.
  const [, delay] = /"retryDelay"\s*:\s*"([\d.]+)s"/.exec(body) ?? [];
  return delay === undefined ? undefined : wait(Number(delay) * 1000);
}

function wait(ms: number): number | undefined {
  return Number.isFinite(ms) ? Math.max(Math.ceil(ms), 0) : undefined;
}

function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d+(?:\.\d+)?\s*$/.test(text) ? Number(text) : undefined;
}
