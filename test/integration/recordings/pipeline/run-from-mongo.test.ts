import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { differences, type Ledger } from '../../../../tools/demo/ledger.js';
import type { SeedPlan } from '../../../../tools/demo/seed-plan.js';
import { isRecording } from '../../../../tools/demo/seed-ledger.js';
import { resultDocumentSchema } from '../../../../src/pipelines/recordings/contract/result-document.js';
import {
  stateDocumentSchema,
  type StateDocument,
} from '../../../../src/pipelines/recordings/contract/state-document.js';
import { compareRows, watermarkOf } from '../../../../src/pipelines/recordings/contract/watermark.js';
import type { DiscoverySummary } from '../../../../src/pipelines/recordings/contract/workflow-results.js';
import { pythonWith } from '../../python-with.js';
import { TEST_DATE } from '../sources/source-documents.js';
import {
  RESULT_COLLECTION,
  SOURCE_COLLECTION,
  STATE_COLLECTION,
  endLeftInstallations,
  type Installation,
} from './installation.js';
import { messageFor } from './recordings.js';
import { entriesOf } from './seeded-rows.js';
import { STORY_MS, runFromMongo } from './run-from-mongo.js';

/** The first run installs the driver from PyPI. */
const FIRST_RUN_MS = 300_000;

let installation: Installation;
let planned: SeedPlan;
let ledger: Ledger;
let summary: DiscoverySummary;

beforeAll(async () => {
  ({ installation, planned, ledger, summary } = await runFromMongo());
}, STORY_MS);
afterAll(endLeftInstallations);

describe('a run from MongoDB', () => {
  test('ends with every row and message where the contract says', async () => {
    expect(differences(ledger, await installation.world())).toEqual([]);
  });

  test('writes result documents of exactly the contract’s shape', async () => {
    const documents = (await installation.results()).filter(
      ({ processing }) => processing.message_id !== 'seeded',
    );
    expect(documents.length).toBeGreaterThan(20);
    for (const document of documents) {
      expect(resultDocumentSchema.parse(document)).toEqual(document);
      expect(document.source.audio_s3_url).not.toContain('?');
      expect(Object.keys(document.processing.timings_ms).sort()).toEqual([
        'decode',
        'download',
        'features',
        'inference',
      ]);
      expect(document.inference.is_anomaly).toBe(document.inference.prediction_label === 'anomaly');
    }
  });

  test('mirrors its state, with the watermark on the last row', async () => {
    const state = await installation.db.collection<StateDocument>(STATE_COLLECTION).findOne({});
    expect(stateDocumentSchema.parse(state)).toEqual(state);
    const rows = planned.rows
      .filter((row) => isRecording(row) && row.kind !== 'deleted_after_queuing')
      .map((row) => messageFor(row, SOURCE_COLLECTION))
      .sort(compareRows);
    expect(state).toMatchObject({
      _id: `audio_anomaly:enqueue:${SOURCE_COLLECTION}:${TEST_DATE}`,
      status: 'completed',
      mode: 'backfill',
      watermark: watermarkOf(rows.at(-1)!),
      stats: summary.discovery,
    });
    expect(state?.last_run.finished_at).toBeInstanceOf(Date);
  });

  test('has made the indexes of results and state', async () => {
    const keysOf = async (collection: string): Promise<string[]> =>
      (await installation.db.collection(collection).indexes()).map(({ key, unique }) =>
        [...Object.keys(key), ...(unique === true ? ['unique'] : [])].join(),
      );
    expect(await keysOf(RESULT_COLLECTION)).toEqual(
      expect.arrayContaining([
        'source.mongo_doc_id,source.test_date,source.record_type,source.subject_id',
        'source.test_date,processing.processed_at',
        'source.test_date,inference.is_anomaly',
      ]),
    );
    expect(await keysOf(STATE_COLLECTION)).toContain(
      'pipeline_name,stage,source_collection,test_date,unique',
    );
  });

  test.each([
    ['missing_object', 'AudioNotFound'],
    ['corrupt_audio', 'AudioUndecodable'],
    ['truncated_audio', 'AudioTruncated'],
    ['empty_audio', 'AudioEmpty'],
  ] as const)(
    'names the error of %s in a CSV row a delivery, %s, until the dead-letter queue',
    (kind, error) => {
      const [entry] = entriesOf(ledger, kind);
      const rows = installation.csv().filter((row) => row.result_document_id === entry?.resultDocumentId);
      expect(rows.map((row) => row.receive_count).sort()).toEqual(['1', '2', '3']);
      expect(new Set(rows.map((row) => row.message_id)).size).toBe(1);
      for (const row of rows) {
        expect(row.error).toMatch(new RegExp(`^${error}: `));
        expect(row.error).not.toContain('?');
        expect([row.is_anomaly, row.anomaly_score, row.prediction_label]).toEqual(['', '', '']);
      }
    },
  );

  test('links results back into the source, and nothing else', async () => {
    const documents = await installation.db.collection(SOURCE_COLLECTION).find().toArray();
    const linked = documents.flatMap((document) =>
      (document['assessments'] as Record<string, { subjects: Record<string, unknown>[] }>[]).flatMap(
        (assessment) =>
          ['teacher_record', 'admin_record'].flatMap((type) =>
            (assessment[type]?.subjects ?? []).flatMap((subject) =>
              typeof subject['anomaly_result_id'] === 'string' ? [subject['anomaly_result_id']] : [],
            ),
          ),
      ),
    );
    const completed = installation.csv().filter((row) => row.processing_status === 'completed');
    // Two deliveries of one recording may both have completed.
    expect(new Set(linked)).toEqual(new Set(completed.map((row) => row.result_document_id)));
  });

  test(
    'answers the runbook’s validation queries to a Python driver',
    async () => {
      const python = await pythonWith({ name: 'pymongo', version: '4.20.0' });
      const script = join(__dirname, 'validation_queries.py');
      const { MONGO_URI: uri, MONGO_DB_NAME: database } = installation.env;
      const { stdout } = await promisify(execFile)(python, [script, uri!, database!, TEST_DATE]);
      const results = await installation.results();
      const found = JSON.parse(stdout) as {
        states: unknown[];
        count: number;
        sample: { id: string; is_anomaly: boolean; anomaly_score: number; processed_at: string }[];
      };
      expect(found).toMatchObject({
        states: [
          {
            _id: `audio_anomaly:enqueue:${SOURCE_COLLECTION}:${TEST_DATE}`,
            status: 'completed',
            stats: summary.discovery,
          },
        ],
        count: results.length,
      });
      expect(found.sample).toHaveLength(5);
      for (const { id, processed_at: processedAt, ...inference } of found.sample) {
        const result = results.find(({ _id }) => _id === id);
        expect(inference).toEqual({
          is_anomaly: result?.inference.is_anomaly,
          anomaly_score: result?.inference.anomaly_score,
        });
        expect(new Date(`${processedAt}Z`)).toEqual(result?.processing.processed_at);
      }
    },
    FIRST_RUN_MS,
  );
});
