import { MongoClient } from 'mongodb';
import type { ResultDocument } from '../../../../src/pipelines/recordings/contract/result-document.js';
import { freshDatabase, freshFolder, freshName } from '../../embedded-stack.js';

export const TEST_DATE = '2025-12-20';
export const THRESHOLD = 0.5;

/** 64 digits that end in the number. */
export const resultId = (index: number): string => index.toString(16).padStart(64, '0');

/** Of a result that a test names; the rest of it is as a worker writes it. */
export interface Seed {
  index: number;
  score: number;
  address: string;
  testDate?: string;
  modelVersion?: string;
}

function resultDocument(collection: string, seed: Seed): ResultDocument {
  const { index, score, address, testDate = TEST_DATE, modelVersion = '0.1.0' } = seed;
  const at = new Date('2025-12-20T13:30:00.000Z');
  const isAnomaly = score > THRESHOLD;
  return {
    _id: resultId(index),
    dedupe_key: `["student-${index}"]`,
    pipeline_name: 'audio_anomaly',
    source: {
      source_collection: collection,
      mongo_doc_id: `document-${index}`,
      source_record_id: null,
      test_date: new Date(`${testDate}T00:00:00Z`),
      record_type: 'teacher_record',
      subject_id: '1',
      subject_name: 'वाचन',
      audio_s3_url: address,
      source_updated_at: at,
      subject_created_at: at,
      student_id: `student-${index}`,
      udise: '27010100101',
    },
    inference: {
      is_anomaly: isAnomaly,
      anomaly_score: score,
      prediction_label: isAnomaly ? 'anomaly' : 'normal',
      threshold: THRESHOLD,
      model_name: 'reading-audio',
      model_version: modelVersion,
      reasons: [{ feature: 'rms_mean', contribution: 0.7, deviation: -4, description: 'clearly quieter' }],
    },
    audio: { duration_seconds: 10, codec: 'pcm_s16le', sample_rate: 16_000, channels: 1, bytes: 320_044 },
    processing: {
      processing_status: 'completed',
      trace_id: 't',
      message_id: 'm',
      receive_count: 1,
      workflow_id: 'w',
      batch_id: 'b',
      processed_at: at,
      timings_ms: {},
    },
    created_at: at,
    updated_at: at,
  };
}

export interface Seeded {
  /** What `vachan` needs to find these results, and no others. */
  environment: Record<string, string>;
  folder: string;
}

/** A result collection of its own with these results. */
export async function seedResults(seeds: readonly Seed[]): Promise<Seeded> {
  const { uri, database } = freshDatabase();
  const [source, results, folder] = [freshName('source'), freshName('results'), freshFolder()];
  const mongo = await MongoClient.connect(uri);
  try {
    const collection = mongo.db(database).collection<ResultDocument>(results);
    if (seeds.length > 0) await collection.insertMany(seeds.map((seed) => resultDocument(source, seed)));
  } finally {
    await mongo.close();
  }
  return {
    folder,
    environment: {
      MONGO_URI: uri,
      MONGO_DB_NAME: database,
      MONGO_RESULT_COLLECTION: results,
      MONGO_SOURCE_COLLECTION: source,
      DISCOVERY_SOURCE_TYPE: 'mongo',
      SCRATCH_PATH: `${folder}/scratch`,
    },
  };
}
