/**
 * As `Promise.all`, but settles only when every promise has: whoever is told of a failure can rely on it that nothing of it
 * still runs.
 *
 * @throws what the first of them, in the order given, rejects with.
 */
export async function allDone<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const outcomes = await Promise.allSettled(promises);
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}
