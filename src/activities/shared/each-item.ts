import type { Delivery } from './delivery.js';

/**
 * Works on all items at once, and waits for all before it throws the first failure: a retried stage must not meet its
 * own leftovers.
 */
export async function eachItem<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const results = await Promise.allSettled(items.map(work));
  const failure = results.find((result) => result.status === 'rejected');
  if (failure !== undefined) throw failure.reason as Error;
}

/** Notes how long a step of one delivery takes, also where it fails. */
export async function timed<T>(
  { timingsMs, trace }: Pick<Delivery, 'timingsMs' | 'trace'>,
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  const started = performance.now();
  const startedAtMs = Date.now();
  let errorType: string | undefined;
  try {
    return await work();
  } catch (error) {
    errorType = (error as Error).name;
    throw error;
  } finally {
    timingsMs[name] = Math.round(performance.now() - started);
    trace?.stage(name, startedAtMs, Date.now(), errorType);
  }
}
