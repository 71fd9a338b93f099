/** The promise, or the reason of `signal` as soon as that is aborted. The promise is left to itself then. */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = () => {};
  try {
    return await new Promise((resolve, reject) => {
      stop = () => reject(signal.reason as Error);
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop);
      promise.then(resolve, reject);
    });
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
