/**
 * Waits for work no longer than until a signal aborts; the work itself goes on, and its end is not heard any more.
 *
 * @throws the signal's reason, or what the work threw
 */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Resolves when the work is done or the signal aborts, whichever comes first. @throws what the work threw until then */
export async function doneOrAborted(work: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  try {
    await unlessAborted(work, signal);
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
}
