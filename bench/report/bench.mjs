// `vachan report --no-audio` over a large run: results are written straight into MongoDB, then the command is run as a person would.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { atEnd, benchFolder, keep } from '../cleanup.mjs';
import { processesBelow } from '../service/processes.mjs';

export const options = (command, { number, wholeNumber }) =>
  command
    .option('--records <count>', 'results to write', wholeNumber(1))
    .option('--minutes <minutes>', 'writing ends after so long, with what there is by then', number(0), 10);

const FULL = 900_000;
const QUICK = 2_000;
const TEST_DATE = '2025-12-20';
const COLLECTION = 'student_assessment_record';
const DOCUMENTS_PER_INSERT = 2_000;
/** What a page may take, however many results there are: bins, reasons and a dozen recordings. */
const MOST_PAGE_BYTES = 1_000_000;
/** And the command: Node, the driver, and aggregates. */
const MOST_MEMORY_MB = 300;

/** @returns `{ok, …}`: ok when the page counts every result, and neither page nor memory grew with them */
export async function run(root, { quick, records, minutes }) {
  const { startMongo } = await import('#tools/stack/mongo.js');
  const { MongoClient } = await import('mongodb');
  const folder = benchFolder(root, 'report');
  const server = await keep(
    startMongo({ folder, environment: process.env, log: () => undefined }),
    (started) => started.stop(),
  );
  const client = await keep(MongoClient.connect(server.endpoints.uri), (connected) => connected.close());
  const results = client.db(server.endpoints.database).collection('anomaly_detection_results');
  await results.createIndex({ 'source.test_date': 1, 'inference.is_anomaly': 1 });
  const wanted = records ?? (quick ? QUICK : FULL);
  const writing = performance.now();
  const written = await write(results, wanted, minutes * 60_000);
  const page = join(folder, 'report.html');
  const env = {
    PATH: process.env.PATH,
    MONGO_URI: server.endpoints.uri,
    MONGO_DB_NAME: server.endpoints.database,
    MONGO_SOURCE_COLLECTION: COLLECTION,
    // Nobody listens there: the page says what it does not know.
    TEMPORAL_ADDRESS: '127.0.0.1:1',
  };
  const writeSeconds = (performance.now() - writing) / 1_000;
  console.log(`${written.toLocaleString('en')} results written in ${writeSeconds.toFixed(0)} s. Reporting …`);
  const started = performance.now();
  const command = spawn(
    process.execPath,
    [join(root, 'bin/vachan.js'), 'report', TEST_DATE, '--no-audio', '--out', page],
    { env, cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  atEnd(() => command.kill());
  let peakMb = 0;
  const look = setInterval(() => {
    const own = processesBelow().find(({ pid }) => pid === command.pid);
    peakMb = Math.max(peakMb, own?.rssMb ?? 0);
  }, 100);
  const [code] = await once(command, 'exit');
  clearInterval(look);
  const seconds = (performance.now() - started) / 1_000;
  const pageBytes = code === 0 ? statSync(page).size : 0;
  const counted = code === 0 && readFileSync(page, 'utf8').includes(written.toLocaleString('en-US'));
  const result = {
    server: server.how,
    wanted,
    results: written,
    seconds,
    pageBytes,
    peakMb: Math.round(peakMb),
    ok: counted && pageBytes <= MOST_PAGE_BYTES && peakMb <= MOST_MEMORY_MB,
  };
  print(result);
  return result;
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

function print(result) {
  const number = (value) => value.toLocaleString('en', { maximumFractionDigits: 1 });
  console.log(`\n| report, ${result.server} | |\n|---|---:|`);
  console.log(`| results | ${number(result.results)} of ${number(result.wanted)} |`);
  console.log(`| time | ${number(result.seconds)} s |`);
  console.log(`| memory of the command at most | ${number(result.peakMb)} MB |`);
  console.log(`| page | ${number(result.pageBytes / 1_000)} kB |`);
  console.log(result.ok ? '\nThe page counts every result.' : '\nWrong: see the table.');
}
