import { allOrNone, runTogether, type RunnableWorker } from '../../../../src/workers/run-together.js';

/** A worker that runs until it is told to stop, or fails. */
function fakeWorker(failure?: Error): RunnableWorker & { stopped: () => boolean } {
  let state: ReturnType<RunnableWorker['getState']> = 'INITIALIZED';
  let end: () => void = () => undefined;
  return {
    getState: () => state,
    async run() {
      state = 'RUNNING';
      if (failure !== undefined) {
        state = 'FAILED';
        throw failure;
      }
      await new Promise<void>((resolve) => (end = resolve));
      state = 'STOPPED';
    },
    shutdown() {
      state = 'STOPPING';
      // As the real one: not at once.
      setImmediate(() => end());
    },
    stopped: () => state === 'STOPPED',
  };
}

test('when one worker fails, its error comes only after the others have let go of the connection', async () => {
  const others = [fakeWorker(), fakeWorker()];
  const failed = fakeWorker(new Error('the poller ended'));
  await expect(runTogether([...others, failed])).rejects.toThrow('the poller ended');
  expect(others.map(({ stopped }) => stopped())).toEqual([true, true]);
});

test('workers that were made let go when another could not be made', async () => {
  const made = fakeWorker();
  const making = [Promise.resolve(made), Promise.reject<RunnableWorker>(new Error('no such namespace'))];
  await expect(allOrNone(making)).rejects.toThrow('no such namespace');
  expect(made.getState()).toBe('STOPPED');
});
