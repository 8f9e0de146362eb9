import type { IngestSummary } from '../../../../src/pipelines/recordings/contract/workflow-results.js';
import { until } from '../../shared/queue/until.js';
import { createNight, endLeftNights } from './night.js';
import { recordings } from './recordings.js';

const STORY_MS = 180_000;
const COUNT = 4;

afterAll(endLeftNights);

test(
  'a worker whose messages went to another while it stalled leaves them to the other, result, row and receipt',
  async () => {
    const night = await createNight({ maxReceiveCount: 10 });
    const gate = await night.awsGate();
    const temporal = await night.temporalGate();
    gate.holdDownloads();
    const rows = recordings(COUNT, night.bucket);
    await night.insert(rows);
    await night.send(rows);
    const stale = await night.worker({
      ...{ AWS_ENDPOINT_URL: gate.endpointUrl, TEMPORAL_ADDRESS: temporal.address },
      SQS_VISIBILITY_TIMEOUT_SECONDS: '4',
      ...{ S3_SOCK_READ_TIMEOUT_SECONDS: '250', S3_TIMEOUT_SECONDS: '250' },
      // Nobody comes for its batch any more, whose end a drain waits for.
      SHUTDOWN_GRACE_SECONDS: '2',
    });
    const run = await night.start('ingestWorkflow', { until_empty: true });
    await until(() => gate.held() === COUNT);

    stale.signal('SIGSTOP');
    // Its polls end with its connections. Left open, each would be handed one more try of the stage that nobody answers.
    temporal.cut();
    const other = await night.worker();
    await other.said('batch_processed', ({ completed }) => completed === COUNT);
    const scored = await night.results();

    // It wakes in the middle of a batch that was given up and that another has finished.
    temporal.fix();
    stale.signal('SIGCONT');
    await stale.said('lease_receipts_lost');
    gate.releaseDownloads();
    const summary = (await run.result()) as IngestSummary;

    expect(summary).toMatchObject({ outcomes: { completed: COUNT }, batches_failed: 0 });
    expect(await night.results()).toEqual(scored);
    expect(night.csv().map((row) => [row.processing_status, row.receive_count])).toEqual(
      Array(COUNT).fill(['completed', '2']),
    );
    expect(stale.of('results_upserted')).toEqual([]);
    expect(await night.depth()).toEqual({ visible: 0, in_flight: 0, delayed: 0 });
    expect(await night.deadLetters()).toEqual([]);
    await night.close();
  },
  STORY_MS,
);
