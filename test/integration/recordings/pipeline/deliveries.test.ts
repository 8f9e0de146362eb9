import type { IngestSummary } from '../../../../src/pipelines/recordings/contract/workflow-results.js';
import { until } from '../../../until.js';
import {
  SOURCE_COLLECTION,
  createInstallation,
  endLeftInstallations,
  type Installation,
} from './installation.js';
import { messageFor, recording, recordings } from './recordings.js';
import type { WorkerProcess } from './worker-process.js';

const STORY_MS = 120_000;
const INGEST = { until_empty: true };

afterAll(endLeftInstallations);

async function ingest(installation: Installation): Promise<IngestSummary> {
  return (await (await installation.start('ingestWorkflow', INGEST)).result()) as IngestSummary;
}

describe('deliveries that are not simply new', () => {
  let installation: Installation;
  const statusOf = (id: string): string[] =>
    installation
      .csv()
      .filter((row) => row.mongo_doc_id === id)
      .map((row) => row.processing_status)
      .sort();
  beforeAll(async () => {
    installation = await createInstallation();
    await installation.worker();
  }, STORY_MS);

  test('the same body twice gives one result, once completed and once skipped_existing', async () => {
    const [row] = recordings(1, installation.bucket);
    await installation.insert([row!]);
    const body = JSON.stringify(messageFor(row!, SOURCE_COLLECTION));
    await installation.send([body, body]);
    const { outcomes } = await ingest(installation);
    expect(outcomes).toMatchObject({ completed: 1, skipped_existing: 1 });
    expect(statusOf(row!.mongo_doc_id)).toEqual(['completed', 'skipped_existing']);
    expect(await installation.results()).toHaveLength(1);
  });

  test('a result that exists is left as it is', async () => {
    const [before] = await installation.results();
    const {
      mongo_doc_id: id,
      student_id: child,
      udise,
      audio_s3_url: url,
      subject_created_at: at,
    } = before!.source;
    await installation.send([
      recording(url, { mongo_doc_id: id, student_id: child!, udise: udise!, subject_created_at: at }),
    ]);
    expect((await ingest(installation)).outcomes).toMatchObject({ completed: 0, skipped_existing: 1 });
    expect(await installation.results()).toEqual([before]);
  });

  test('a row whose subject was changed after queuing is skipped_ineligible', async () => {
    const [row] = recordings(1, installation.bucket);
    await installation.insert([{ ...row!, subject_name: 'गणित' }]);
    await installation.send([row!]);
    expect((await ingest(installation)).outcomes).toMatchObject({ completed: 0, skipped_ineligible: 1 });
    expect(statusOf(row!.mongo_doc_id)).toEqual(['skipped_ineligible']);
  });

  test('a row that is gone does not stand in for the same recording under another record type', async () => {
    const [teacher] = recordings(1, installation.bucket);
    const admin = { ...teacher!, record_type: 'admin_record' as const };
    await installation.insert([admin]);
    await installation.send([teacher!, admin]);
    expect((await ingest(installation)).outcomes).toMatchObject({ completed: 1, skipped_ineligible: 1 });
    expect(statusOf(teacher!.mongo_doc_id)).toEqual(['completed', 'skipped_ineligible']);
  });

  test('its workers end in good order', async () => {
    await installation.close();
  });
});

describe('a batch that takes long, and one whose database goes away', () => {
  const VISIBILITY_SECONDS = 4;
  const COUNT = 12;
  let slow: Installation;
  let slowWorker: WorkerProcess;
  let slowSummary: IngestSummary;
  let inFlightAfterThreeTimeouts: number;
  let cut: Installation;
  let cutWorker: WorkerProcess;
  let cutSummary: IngestSummary;

  const holdDownloadsForThreeTimeouts = async (): Promise<void> => {
    slow = await createInstallation({ maxReceiveCount: 10 });
    const gate = await slow.awsGate();
    gate.holdDownloads();
    const rows = recordings(COUNT, slow.bucket);
    await slow.insert(rows);
    await slow.send(rows);
    slowWorker = await slow.worker({
      AWS_ENDPOINT_URL: gate.endpointUrl,
      SQS_VISIBILITY_TIMEOUT_SECONDS: String(VISIBILITY_SECONDS),
      S3_SOCK_READ_TIMEOUT_SECONDS: '100',
      S3_TIMEOUT_SECONDS: '100',
    });
    const summary = ingest(slow);
    await slowWorker.said('eligible_keys_resolved');
    const heldSince = Date.now();
    await until(() => Date.now() - heldSince > 3 * VISIBILITY_SECONDS * 1000);
    ({ in_flight: inFlightAfterThreeTimeouts } = await slow.depth());
    gate.releaseDownloads();
    slowSummary = await summary;
  };

  const cutMongoBeforeTheUpsert = async (): Promise<void> => {
    cut = await createInstallation();
    const downloads = await cut.awsGate();
    const mongo = await cut.mongoGate();
    downloads.holdDownloads();
    const rows = recordings(COUNT, cut.bucket);
    await cut.insert(rows);
    await cut.send(rows);
    cutWorker = await cut.worker({
      AWS_ENDPOINT_URL: downloads.endpointUrl,
      MONGO_URI: mongo.uri,
      S3_SOCK_READ_TIMEOUT_SECONDS: '100',
      S3_TIMEOUT_SECONDS: '100',
    });
    const summary = ingest(cut);
    await until(() => downloads.held() === COUNT);
    mongo.cut();
    downloads.releaseDownloads();
    await cutWorker.said('activity_failed', (line) => line['activity'] === 'upsertResults');
    mongo.fix();
    cutSummary = await summary;
  };

  beforeAll(async () => {
    await Promise.all([holdDownloadsForThreeTimeouts(), cutMongoBeforeTheUpsert()]);
  }, STORY_MS);

  test('no message is redelivered while a batch takes more than three visibility timeouts', () => {
    expect(inFlightAfterThreeTimeouts).toBe(COUNT);
    expect(slowSummary).toMatchObject({ received: COUNT, returned: 0, outcomes: { completed: COUNT } });
    expect(slow.csv().map((row) => row.receive_count)).toEqual(Array(COUNT).fill('1'));
    expect(slowWorker.of('lease_receipts_lost')).toEqual([]);
  });

  test('the CSV has one row a delivery when the upsert step is tried again', async () => {
    expect(cutSummary).toMatchObject({ batches_failed: 0, outcomes: { completed: COUNT } });
    const deliveries = cut.csv().map((row) => `${row.message_id} ${row.receive_count}`);
    expect(deliveries).toHaveLength(COUNT);
    expect(new Set(deliveries).size).toBe(COUNT);
    expect(await cut.results()).toHaveLength(COUNT);
  });

  test('its workers end in good order', async () => {
    await slow.close();
    await cut.close();
  });
});
