import type { Worker } from '@temporalio/worker';
import { recordingLogger } from '../../../../src/platform/logging/recording-logger.js';
import { drainWorkers } from '../../../../src/workers/drain.js';
import type { RunningWorkers } from '../../../../src/workers/start-workers.js';
import { BATCH, type HeldBatch } from '../activities/held-batch.js';
import { heldParcels, type Parcel } from '../activities/parcels.js';

let held: HeldBatch<Parcel>;
beforeEach(() => {
  jest.useFakeTimers();
  held = heldParcels(1);
});
afterEach(() => {
  held.dispose();
  jest.useRealTimers();
});

/** Workers that stop when told to, and note it. */
function workers(state = 'RUNNING') {
  const stopped: string[] = [];
  const worker = (name: string): Worker =>
    ({ getState: () => state, shutdown: () => stopped.push(name) }) as unknown as Worker;
  const running: RunningWorkers = {
    receivers: [worker('receiver')],
    others: [worker('host')],
    stopped: Promise.resolve(),
  };
  return { running, stopped };
}

describe('draining a worker', () => {
  test('stops receiving at once, and the rest when the batches in progress are done', async () => {
    const { running, stopped } = workers();
    const draining = drainWorkers({ workers: running, services: [], held: [held.store] }, 25, held.log);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(stopped).toEqual(['receiver']);
    await held.store.close(BATCH.batch_id);
    await jest.advanceTimersByTimeAsync(1_000);
    await draining;
    expect(stopped).toEqual(['receiver', 'host']);
    expect(held.journal).toEqual([]);
  });

  test('gives back what is not done within the grace', async () => {
    const { running, stopped } = workers();
    const draining = drainWorkers({ workers: running, services: [], held: [held.store] }, 25, held.log);
    await jest.advanceTimersByTimeAsync(26_000);
    await draining;
    expect(held.queue.visibility).toEqual([{ receiptHandle: 'm0#1', seconds: 0 }]);
    expect(held.store.size).toBe(0);
    expect(stopped).toEqual(['receiver', 'host']);
    expect(held.log.of('drain_timed_out')).toHaveLength(1);
  });

  test('ends also when the queue does not take the messages back', async () => {
    held.queue.broken = new Error('SQS does not answer');
    const draining = drainWorkers(
      { workers: workers().running, services: [], held: [held.store] },
      0,
      held.log,
    );
    await jest.advanceTimersByTimeAsync(1_000);
    await draining;
    expect(held.store.size).toBe(0);
  });

  test('does not wait for a queue that never answers', async () => {
    held.queue.changeVisibility = () => new Promise(() => undefined);
    const { running, stopped } = workers();
    const draining = drainWorkers({ workers: running, services: [], held: [held.store] }, 2, held.log);
    await jest.advanceTimersByTimeAsync(6_000);
    await draining;
    expect(stopped).toEqual(['receiver', 'host']);
    expect(held.log.of('give_back_timed_out')).toHaveLength(1);
  });

  test('gives back what a receive brought after everything else had stopped', async () => {
    await held.store.close(BATCH.batch_id);
    const { running, stopped } = workers();
    const late = heldParcels(1);
    const last = Promise.resolve().then(() => held.store.add(late.batch));
    await drainWorkers(
      { workers: { ...running, stopped: last }, services: [], held: [held.store] },
      25,
      held.log,
    );
    expect(late.queue.visibility).toEqual([{ receiptHandle: 'm0#1', seconds: 0 }]);
    expect(held.store.size).toBe(0);
    expect(stopped).toEqual(['receiver', 'host']);
    late.dispose();
  });

  test('of an orchestrator, which holds no batches, waits for nothing', async () => {
    const { running, stopped } = workers();
    await drainWorkers(
      { workers: { ...running, receivers: [] }, services: [], held: [] },
      25,
      recordingLogger(),
    );
    expect(stopped).toEqual(['host']);
  });

  test('tells its services to take nothing new, and waits for all that is held', async () => {
    const { running, stopped } = workers();
    const tasks = { size: 1, giveBackAll: () => Promise.resolve() };
    const told: string[] = [];
    const services = [{ drain: () => void told.push('poller') }, {}];
    const draining = drainWorkers({ workers: running, services, held: [held.store, tasks] }, 25, held.log);
    expect(told).toEqual(['poller']);
    await held.store.close(BATCH.batch_id);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(stopped).toEqual(['receiver']);
    tasks.size = 0;
    await jest.advanceTimersByTimeAsync(1_000);
    await draining;
    expect(stopped).toEqual(['receiver', 'host']);
  });

  test('leaves workers alone that have failed', async () => {
    await held.store.close(BATCH.batch_id);
    const { running, stopped } = workers('FAILED');
    await drainWorkers({ workers: running, services: [], held: [held.store] }, 25, held.log);
    expect(stopped).toEqual([]);
  });
});
