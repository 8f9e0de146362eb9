// A large run's results, written straight into MongoDB, for commands that read them.
import { createHash } from 'node:crypto';
import { keep } from '../cleanup.mjs';
import { processesBelow } from '../service/processes.mjs';

export const TEST_DATE = '2025-12-20';
const FULL = 900_000;
const QUICK = 2_000;
const COLLECTION = 'student_assessment_record';
const DOCUMENTS_PER_INSERT = 2_000;

export const storedOptions = (command, { number, wholeNumber }) =>
  command
    .option('--records <count>', 'results to write', wholeNumber(1))
    .option('--minutes <minutes>', 'writing ends after so long, with what there is by then', number(0), 10);

/**
 * Starts a MongoDB and fills it.
 *
 * @returns its name, how many results were wanted and written, and the environment of a command that reads them
 */
export async function storeResults(folder, { quick, records, minutes }) {
  const { startMongo } = await import('#tools/stack/mongo.js');
  const { MongoClient } = await import('mongodb');
  const server = await keep(
    startMongo({ folder, environment: process.env, log: () => undefined }),
    (started) => started.stop(),
  );
  const client = await keep(MongoClient.connect(server.endpoints.uri), (connected) => connected.close());
  const results = client.db(server.endpoints.database).collection('anomaly_detection_results');
  await results.createIndex({ 'source.test_date': 1, 'inference.is_anomaly': 1 });
  const wanted = records ?? (quick ? QUICK : FULL);
  const started = performance.now();
  const written = await write(results, wanted, minutes * 60_000);
  const seconds = (performance.now() - started) / 1_000;
  console.log(`${written.toLocaleString('en')} results written in ${seconds.toFixed(0)} s.`);
  const environment = {
    PATH: process.env.PATH,
    MONGO_URI: server.endpoints.uri,
    MONGO_DB_NAME: server.endpoints.database,
    MONGO_SOURCE_COLLECTION: COLLECTION,
  };
  return { server: server.how, wanted, written, environment };
}

/** Looks at a process's memory until it is asked for the most of it, in whole MB. */
export function watchMemory(pid) {
  let peakMb = 0;
  const look = setInterval(() => {
    const own = processesBelow().find((process) => process.pid === pid);
    peakMb = Math.max(peakMb, own?.rssMb ?? 0);
  }, 100);
  return {
    peakMb: () => {
      clearInterval(look);
      return Math.round(peakMb);
    },
  };
}

/** Writes until all are there or the time is up. @returns how many */
async function write(collection, wanted, forMs) {
  const until = performance.now() + forMs;
  let written = 0;
  while (written < wanted && performance.now() < until) {
    const size = Math.min(DOCUMENTS_PER_INSERT, wanted - written);
    await collection.insertMany(
      Array.from({ length: size }, (_, index) => resultOf(written + index)),
      { ordered: false },
    );
    written += size;
  }
  return written;
}

const REASONS = ['quieter than usual', 'long pauses', 'a second voice', 'clipped', 'hum'];
/** A run of seven hours. */
const RUN_MS = 7 * 3_600_000;

function resultOf(n) {
  const at = new Date(Date.parse(`${TEST_DATE}T13:30:00Z`) + ((n * 7_919) % RUN_MS));
  // Scores like a model's: most near zero, a tail beyond the threshold.
  const score = ((n * 2_654_435_761) % 1_000) / 1_000 - (n % 20 === 0 ? 0 : 1);
  const isAnomaly = score > 0;
  const reason = REASONS[n % REASONS.length];
  return {
    _id: createHash('sha256').update(String(n)).digest('hex'),
    dedupe_key: `["${COLLECTION}","student-${n}"]`,
    source: {
      source_collection: COLLECTION,
      mongo_doc_id: String(n),
      test_date: new Date(`${TEST_DATE}T00:00:00Z`),
      record_type: 'teacher_record',
      subject_id: 'reading',
      audio_s3_url: `s3://recordings/${n}.wav`,
    },
    inference: {
      is_anomaly: isAnomaly,
      anomaly_score: score,
      prediction_label: isAnomaly ? 'anomaly' : 'normal',
      threshold: 0,
      model_name: 'reading-audio',
      model_version: '0.2.0',
      reasons: [{ feature: 'rms', contribution: 0.5, deviation: 3, description: reason }],
    },
    audio: { duration_seconds: 30, codec: 'aac', sample_rate: 44_100, channels: 1, bytes: 480_000 },
    processing: { processing_status: 'completed', processed_at: at },
  };
}
