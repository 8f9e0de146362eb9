import { differences, type Ledger } from '../../../../tools/demo/ledger.js';
import { resultDocumentSchema } from '../../../../src/pipelines/recordings/contract/result-document.js';
import type { StateDocument } from '../../../../src/pipelines/recordings/contract/state-document.js';
import type { DiscoverySummary } from '../../../../src/pipelines/recordings/contract/workflow-results.js';
import type { PostgresEndpoints } from '../../../../tools/stack/postgres.js';
import { freshPostgresTable } from '../../embedded-stack.js';
import { TEST_DATE } from '../sources/source-documents.js';
import { SECRETS } from './discretion.js';
import { historyTexts } from './history-text.js';
import {
  STATE_COLLECTION,
  createInstallation,
  endLeftInstallations,
  type Installation,
} from './installation.js';
import { seed } from './seeded-rows.js';

const STORY_MS = 180_000;

let installation: Installation;
let table: PostgresEndpoints;
let ledger: Ledger;
let summary: DiscoverySummary;

beforeAll(async () => {
  table = await freshPostgresTable();
  installation = await createInstallation({
    env: {
      DISCOVERY_SOURCE_TYPE: 'postgres',
      POSTGRES_DSN: table.dsn,
      POSTGRES_SCHEMA: table.schema,
      POSTGRES_TABLE: table.table,
      // Its own collection is not read: a worker that did would find nothing.
      MONGO_SOURCE_COLLECTION: 'not_the_source',
    },
  });
  ({ ledger } = await seed(installation, 24, table));
  await installation.worker();
  const run = await installation.start('discoveryWorkflow', { test_date: TEST_DATE, mode: 'backfill' });
  summary = (await run.result()) as DiscoverySummary;
}, STORY_MS);
afterAll(endLeftInstallations);

describe('a run from Postgres', () => {
  test('ends with every row and message where the contract says', async () => {
    expect(differences(ledger, await installation.world())).toEqual([]);
    expect(summary).toMatchObject({ status: 'completed', discovery: { discovered: 24 } });
  });

  test('names the table’s record in each result', async () => {
    const documents = (await installation.results()).filter(
      ({ processing }) => processing.message_id !== 'seeded',
    );
    expect(documents.length).toBeGreaterThan(12);
    for (const document of documents) {
      expect(resultDocumentSchema.parse(document)).toEqual(document);
      expect(document.source.source_collection).toBe(table.table);
      expect(document.source.source_record_id).toBe(document.source.mongo_doc_id);
    }
  });

  test('keeps its state under the table’s name', async () => {
    const state = await installation.db.collection<StateDocument>(STATE_COLLECTION).findOne({});
    expect(state?._id).toBe(`audio_anomaly:enqueue:${table.table}:${TEST_DATE}`);
    expect(state?.watermark).toEqual(summary.watermark);
    expect(state?.watermark).not.toBeNull();
  });

  test('keeps children and audio addresses out of histories and logs', async () => {
    const texts = [...(await historyTexts(installation.client, installation.taskQueue)).values()].join('\n');
    expect(texts).toContain(TEST_DATE);
    for (const secret of [...SECRETS, 's3://', 'samples/', 'uploads/']) expect(texts).not.toContain(secret);
    await installation.close();
  });
});
