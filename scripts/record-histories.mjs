// Records histories of every workflow of a pipeline for test/replay: `npm run record-histories -- VERSION [exports|interviews]`.
// A demo's stack and worker run them, so they hold what real runs hold: no personal data, by design.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { runOtherExports, startExports } from './histories/exports.mjs';
import { runOtherInterviews, startInterviews } from './histories/interviews.mjs';
import { runOtherRecordings, startRecordings } from './histories/recordings.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const { Client, Connection } = require('@temporalio/client');
const { temporalCliPath } = require('#tools/stack/temporal-binaries.js');

/** Further runs of the same kind repeat what the first ones show. */
const MOST_OF_A_KIND = 8;
/** What runs a pipeline's workflows, and what runs those that its demo does not. */
const PIPELINES = {
  recordings: [startRecordings, runOtherRecordings],
  exports: [startExports, runOtherExports],
  interviews: [startInterviews, runOtherInterviews],
};

const [version, pipeline = 'recordings'] = process.argv.slice(2);
if (!/^\d+\.\d+\.\d+(-[a-z-]+)?$/.test(version ?? '') || !Object.hasOwn(PIPELINES, pipeline)) {
  console.error(
    'Usage: npm run record-histories -- VERSION [recordings|exports|interviews], for example 0.1.0, or 0.1.0-limits for a build before it',
  );
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'vachan-histories-'));
const [start, runTheOthers] = PIPELINES[pipeline];
const demo = await start(folder, (line) => console.log(line));
try {
  await demo.run();
  const connection = await Connection.connect({ address: demo.env.TEMPORAL_ADDRESS });
  const client = new Client({ connection, namespace: demo.env.TEMPORAL_NAMESPACE });
  await runTheOthers(client, demo.env);
  await save(client);
  await connection.close();
} finally {
  await demo.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** Of a process that was lost: kept beyond the most of its kind. */
function isRare({ events }) {
  return events.some(({ eventType }) => eventType.endsWith('ACTIVITY_TASK_TIMED_OUT'));
}

/** Stack traces name this machine's folders; a replay does not look at them. */
function withoutMachine(key, value) {
  return key === 'stackTrace' ? undefined : value;
}

async function save(client) {
  const target = join(root, 'test/replay/histories', version);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const cli = await temporalCliPath();
  const counts = {};
  for await (const { type, workflowId, runId } of client.workflow.list()) {
    const json = execFileSync(
      cli,
      [
        'workflow',
        'show',
        '--address',
        demo.env.TEMPORAL_ADDRESS,
        '-w',
        workflowId,
        '-r',
        runId,
        '-o',
        'json',
      ],
      { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
    );
    const history = JSON.parse(json, withoutMachine);
    if (counts[type] >= MOST_OF_A_KIND && !isRare(history)) continue;
    counts[type] = (counts[type] ?? 0) + 1;
    writeFileSync(join(target, `${type}.${counts[type]}.json`), `${JSON.stringify(history)}\n`);
  }
  console.log(`Recorded ${JSON.stringify(counts)} into ${target}`);
}
