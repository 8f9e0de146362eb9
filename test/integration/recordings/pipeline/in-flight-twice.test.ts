import type { IngestSummary } from '../../../../src/pipelines/recordings/contract/workflow-results.js';
import { until } from '../../../until.js';
import { createInstallation, endLeftInstallations } from './installation.js';
import { recordings } from './recordings.js';

const STORY_MS = 180_000;
const COUNT = 4;

afterAll(endLeftInstallations);

test(
  'a worker whose messages went to another while it stalled leaves them to the other, result, row and receipt',
  async () => {
    const installation = await createInstallation({ maxReceiveCount: 10 });
    const gate = await installation.awsGate();
    const temporal = await installation.temporalGate();
    gate.holdDownloads();
    const rows = recordings(COUNT, installation.bucket);
    await installation.insert(rows);
    await installation.send(rows);
    const stale = await installation.worker({
      ...{ AWS_ENDPOINT_URL: gate.endpointUrl, TEMPORAL_ADDRESS: temporal.address },
      SQS_VISIBILITY_TIMEOUT_SECONDS: '4',
      ...{ S3_SOCK_READ_TIMEOUT_SECONDS: '250', S3_TIMEOUT_SECONDS: '250' },
      // Nobody comes for its batch any more, whose end a drain waits for.
      SHUTDOWN_GRACE_SECONDS: '2',
    });
    const run = await installation.start('ingestWorkflow', { until_empty: true });
    await until(() => gate.held() === COUNT);

    stale.signal('SIGSTOP');
    // Its polls end with its connections. Left open, each would be handed one more try of the stage that nobody answers.
    temporal.cut();
    const other = await installation.worker();
    await other.said('batch_processed', ({ completed }) => completed === COUNT);
    const scored = await installation.results();

    // It wakes in the middle of a batch that was given up and that another has finished.
    temporal.fix();
    stale.signal('SIGCONT');
    await stale.said('lease_receipts_lost');
    gate.releaseDownloads();
    const summary = (await run.result()) as IngestSummary;

    expect(summary).toMatchObject({ outcomes: { completed: COUNT }, batches_failed: 0 });
    expect(await installation.results()).toEqual(scored);
    expect(installation.csv().map((row) => [row.processing_status, row.receive_count])).toEqual(
      Array(COUNT).fill(['completed', '2']),
    );
    expect(stale.of('results_upserted')).toEqual([]);
    expect(await installation.depth()).toEqual({ visible: 0, in_flight: 0, delayed: 0 });
    expect((await installation.world()).deadLetters).toEqual([]);
    await installation.close();
  },
  STORY_MS,
);
