import type { Worker } from '@temporalio/worker';

/** What is needed of a Temporal worker to run and end it. */
export type RunnableWorker = Pick<Worker, 'run' | 'shutdown' | 'getState'>;

/**
 * Runs the workers of one connection until every one has stopped. When one fails the others are stopped, too, and only
 * then its error is thrown: a connection that a worker still holds cannot be closed, and the refusal would hide the cause.
 */
export async function runTogether(workers: readonly RunnableWorker[]): Promise<void> {
  const failures: unknown[] = [];
  await Promise.all(
    workers.map(async (worker) => {
      try {
        await worker.run();
      } catch (error) {
        failures.push(error);
        workers.forEach(stopWorker);
      }
    }),
  );
  if (failures.length > 0) throw failures[0];
}

/** One that failed has stopped already. */
export function stopWorker(worker: RunnableWorker): void {
  if (worker.getState() === 'RUNNING') worker.shutdown();
}

/** All of them, or none: those that were made let go of the connection when another could not be. */
export async function allOrNone<W extends RunnableWorker>(making: readonly Promise<W>[]): Promise<W[]> {
  const settled = await Promise.allSettled(making);
  const made = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = settled.find((one) => one.status === 'rejected');
  if (failed === undefined) return made;
  // A worker lets go only at the end of a run.
  const ended = runTogether(made);
  made.forEach(stopWorker);
  await ended.catch(() => undefined);
  throw failed.reason;
}
