import type { IngestSummary } from '../../../../src/pipelines/recordings/contract/workflow-results.js';
import { queueDepth } from '../../../../tools/demo/world.js';
import { vachan } from '../../shared/cli/run-vachan.js';
import { until } from '../../shared/queue/until.js';
import { createNight, endLeftNights } from './night.js';
import { recordings } from './recordings.js';

const STORY_MS = 300_000;

afterAll(endLeftNights);

test(
  'a message that was scored, became a dead-letter message and is redriven twice ends as skipped_existing, its result untouched',
  async () => {
    const night = await createNight({ maxReceiveCount: 1 });
    const gate = await night.awsGate();
    gate.holdDownloads();
    const rows = recordings(1, night.bucket);
    await night.insert(rows);
    await night.send(rows);
    // Nothing but the end of its visibility brings the message back: SQS hears nothing more of this worker.
    const first = await night.worker({
      ...{ AWS_ENDPOINT_URL: gate.endpointUrl, SQS_VISIBILITY_TIMEOUT_SECONDS: '5' },
      ...{ S3_SOCK_READ_TIMEOUT_SECONDS: '250', S3_TIMEOUT_SECONDS: '250' },
    });
    const run = await night.start('ingestWorkflow', { until_empty: true });
    await until(() => gate.held() === 1);
    gate.refuseSqs();
    gate.releaseDownloads();
    await first.said('results_csv_appended');
    first.signal('SIGKILL');
    await first.exited();
    const scored = await night.results();
    expect(scored).toHaveLength(1);

    // Another run, since this one takes half a minute to find its host lost, which lost-workers.test.ts tells of.
    await run.terminate();
    await night.worker();
    // Its one delivery is used up, so the next poll makes it a dead-letter message.
    await (await night.start('ingestWorkflow', { until_empty: true })).result();
    const dead = (): Promise<unknown> => queueDepth(night.sqs, night.deadLetterQueueUrl);
    expect(await dead()).toEqual({ visible: 1, in_flight: 0, delayed: 0 });

    const redrive = async (): Promise<unknown> =>
      JSON.parse((await vachan(['dlq', 'redrive', '--json'], night.env)).stdout);
    expect(await redrive()).toMatchObject({ sent: 1, not_deleted: 0 });
    expect(await redrive()).toMatchObject({ sent: 0, looked_at: 0 });
    const again = await night.start('ingestWorkflow', { until_empty: true });
    const { outcomes } = (await again.result()) as IngestSummary;

    expect(outcomes).toMatchObject({ completed: 0, skipped_existing: 1 });
    expect(await night.results()).toEqual(scored);
    expect(night.csv().map((row) => row.processing_status)).toEqual(['completed', 'skipped_existing']);
    const empty = { visible: 0, in_flight: 0, delayed: 0 };
    expect([await night.depth(), await dead()]).toEqual([empty, empty]);
    await night.close();
  },
  STORY_MS,
);
