import { recordingLogger } from '../../../../src/platform/logging/recording-logger.js';
import { DependencyUnavailable, InvalidInput } from '../../../../src/platform/errors.js';
import type { MeasuredBacklog } from '../../../../src/platform/metrics/backlog-metrics.js';
import { startBacklogWatch, type BacklogWatchOptions } from '../../../../src/queue/backlog-watch.js';

const DEPTH = { visible: 3, in_flight: 2, delayed: 1 };
const queue = { depth: () => Promise.resolve(DEPTH) };

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

function watch(changes: Partial<BacklogWatchOptions> = {}): {
  seen: (MeasuredBacklog | undefined)[];
  stop: () => void;
  log: ReturnType<typeof recordingLogger>;
} {
  const seen: (MeasuredBacklog | undefined)[] = [];
  const log = recordingLogger();
  const started = startBacklogWatch({
    queueUrls: ['https://sqs/1/recordings'],
    queueFor: () => queue,
    findDeadLetters: () =>
      Promise.resolve({ queue: { depth: () => Promise.resolve({ ...DEPTH, visible: 9 }) } }),
    countWorkers: () => Promise.resolve(2),
    countLanes: () => Promise.resolve(4),
    onMeasured: (measured) => seen.push(measured),
    log,
    ...changes,
  });
  return { seen, stop: () => started.stop(), log };
}

describe('the watch on the backlog', () => {
  test('measures at once, and then every 15 seconds until stopped', async () => {
    const { seen, stop } = watch();
    await jest.advanceTimersByTimeAsync(0);
    expect(seen).toEqual([
      {
        queues: [{ queueUrl: 'https://sqs/1/recordings', depth: DEPTH, deadLetters: 9 }],
        workers: 2,
        lanes: 4,
      },
    ]);
    await jest.advanceTimersByTimeAsync(30_000);
    expect(seen).toHaveLength(3);
    stop();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(seen).toHaveLength(3);
  });

  test('says that there is no measurement when one fails, and goes on', async () => {
    let broken = true;
    const { seen, stop, log } = watch({
      countWorkers: () =>
        broken ? Promise.reject(new DependencyUnavailable('Temporal is away')) : Promise.resolve(1),
    });
    await jest.advanceTimersByTimeAsync(0);
    expect(seen).toEqual([undefined]);
    expect(log.of('dependency_unavailable')).toHaveLength(1);
    broken = false;
    await jest.advanceTimersByTimeAsync(15_000);
    expect(seen.at(-1)?.workers).toBe(1);
    stop();
  });

  test('has a backlog to show also where nobody may look at the dead-letter messages', async () => {
    const { seen, stop } = watch({
      findDeadLetters: () => Promise.reject(new InvalidInput('access denied')),
    });
    await jest.advanceTimersByTimeAsync(0);
    expect(seen[0]?.queues[0]).toEqual({
      queueUrl: 'https://sqs/1/recordings',
      depth: DEPTH,
      deadLetters: undefined,
    });
    stop();
  });
});
