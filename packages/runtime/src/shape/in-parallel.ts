/** Begun at the same time: enough to keep a store busy, few enough not to flood it. */
const AT_ONCE = 64;

/** Does something with each item, up to 64 side by side; the answers are in the order of the items. `work` must not reject. */
export async function inParallel<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const answers: R[] = Array.from({ length: items.length });
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < items.length; at = next++) answers[at] = await work(items[at] as T);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker));
  return answers;
}
