import type { IngestSummary } from '../../../../src/pipelines/recordings/contract/workflow-results.js';
import { queueDepth } from '../../../../tools/demo/world.js';
import { vachan } from '../../shared/cli/run-vachan.js';
import { until } from '../../../until.js';
import { createInstallation, endLeftInstallations } from './installation.js';
import { recordings } from './recordings.js';

const STORY_MS = 300_000;

afterAll(endLeftInstallations);

test(
  'a message that was scored, became a dead-letter message and is redriven twice ends as skipped_existing, its result untouched',
  async () => {
    const installation = await createInstallation({ maxReceiveCount: 1 });
    const gate = await installation.awsGate();
    gate.holdDownloads();
    const rows = recordings(1, installation.bucket);
    await installation.insert(rows);
    await installation.send(rows);
    // Nothing but the end of its visibility brings the message back: SQS hears nothing more of this worker.
    const first = await installation.worker({
      ...{ AWS_ENDPOINT_URL: gate.endpointUrl, SQS_VISIBILITY_TIMEOUT_SECONDS: '5' },
      ...{ S3_SOCK_READ_TIMEOUT_SECONDS: '250', S3_TIMEOUT_SECONDS: '250' },
    });
    const run = await installation.start('ingestWorkflow', { until_empty: true });
    await until(() => gate.held() === 1);
    gate.refuseSqs();
    gate.releaseDownloads();
    await first.said('results_csv_appended');
    first.signal('SIGKILL');
    await first.exited();
    const scored = await installation.results();
    expect(scored).toHaveLength(1);

    // Another run, since this one takes half a minute to find its host lost, which lost-workers.test.ts tells of.
    await run.terminate();
    await installation.worker();
    // Its one delivery is used up, so the next poll makes it a dead-letter message.
    await (await installation.start('ingestWorkflow', { until_empty: true })).result();
    const dead = (): Promise<unknown> => queueDepth(installation.sqs, installation.deadLetterQueueUrl);
    expect(await dead()).toEqual({ visible: 1, in_flight: 0, delayed: 0 });

    const redrive = async (): Promise<unknown> =>
      JSON.parse((await vachan(['dlq', 'redrive', '--json'], installation.env)).stdout);
    expect(await redrive()).toMatchObject({ sent: 1, not_deleted: 0 });
    expect(await redrive()).toMatchObject({ sent: 0, looked_at: 0 });
    const again = await installation.start('ingestWorkflow', { until_empty: true });
    const { outcomes } = (await again.result()) as IngestSummary;

    expect(outcomes).toMatchObject({ completed: 0, skipped_existing: 1 });
    expect(await installation.results()).toEqual(scored);
    expect(installation.csv().map((row) => row.processing_status)).toEqual(['completed', 'skipped_existing']);
    const empty = { visible: 0, in_flight: 0, delayed: 0 };
    expect([await installation.depth(), await dead()]).toEqual([empty, empty]);
    await installation.close();
  },
  STORY_MS,
);
