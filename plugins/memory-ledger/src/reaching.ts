import { isMobError, MobError } from '@mobkit/core';

/** Does what needs the storage. @throws MobError `MOB_MEMORY_UNAVAILABLE` when that does not answer, or refuses. */
export async function reaching<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isMobError(error) || !error.code.startsWith('MOB_STORE_')) throw error;
    const { message, retryable } = error;
    throw new MobError('MOB_MEMORY_UNAVAILABLE', `Memory backend unavailable: ${message}`, {
      cause: error,
      retryable,
    });
  }
}
