import { noOutcomes } from '../../../../src/pipelines/recordings/contract/outcome.js';
import { recordingLogger } from '../../../../src/platform/logging/recording-logger.js';
import { createInterviewsMetrics } from '../../../../src/pipelines/interviews/metrics/interviews-metrics.js';
import { createRecordingsMetrics } from '../../../../src/pipelines/recordings/metrics/recordings-metrics.js';
import { createMetrics } from '../../../../src/platform/metrics/metrics.js';
import { startThroughputReports } from '../../../../src/workers/throughput.js';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('the throughput event', () => {
  test('tells each minute what was acknowledged in it, and the totals', () => {
    const metrics = createRecordingsMetrics(createMetrics(), { openBatches: () => 0 });
    const log = recordingLogger();
    const reports = startThroughputReports(metrics, log);
    metrics.addOutcomes({ ...noOutcomes(), completed: 5, failed_pre_inference: 2 });
    jest.advanceTimersByTime(60_000);
    metrics.addOutcomes({ ...noOutcomes(), skipped_existing: 1, malformed: 1 });
    jest.advanceTimersByTime(60_000);
    jest.advanceTimersByTime(60_000);
    reports.stop();
    expect(log.of('throughput').map((line) => line['records_per_minute'])).toEqual([5, 2, 0]);
    expect(log.of('throughput').at(-1)).toMatchObject({
      cumulative: {
        completed: 5,
        skipped_existing: 1,
        skipped_ineligible: 0,
        failed_pre_inference: 2,
        malformed: 1,
      },
    });
  });

  test('tells of jobs that ended where they may come without a message', () => {
    const sources = { heldJobs: () => 0, countedJobs: () => undefined, memoryUsed: () => undefined };
    const metrics = createInterviewsMetrics(createMetrics(), sources);
    metrics.jobEnded('completed');
    const log = recordingLogger();
    const reports = startThroughputReports(metrics, log);
    metrics.jobEnded('completed');
    metrics.jobEnded('failed', 'MediaRefused');
    metrics.jobEnded('superseded');
    jest.advanceTimersByTime(60_000);
    jest.advanceTimersByTime(60_000);
    reports.stop();
    expect(log.of('throughput')).toMatchObject([
      { records_per_minute: 0, ended_per_minute: 2, ended: { completed: 2, failed: 1 } },
      { records_per_minute: 0, ended_per_minute: 0, ended: { completed: 2, failed: 1 } },
    ]);
  });

  test('ends with the worker', () => {
    const log = recordingLogger();
    startThroughputReports(createRecordingsMetrics(createMetrics(), { openBatches: () => 0 }), log).stop();
    jest.advanceTimersByTime(600_000);
    expect(log.lines).toEqual([]);
  });
});
