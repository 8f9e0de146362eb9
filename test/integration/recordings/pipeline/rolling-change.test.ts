import type { IngestSummary } from '../../../../src/pipelines/recordings/contract/workflow-results.js';
import { setCurrent } from '../../current-build.js';
import { freshName } from '../../embedded-stack.js';
import { historyTexts } from './history-text.js';
import { createInstallation, endLeftInstallations, type Installation } from './installation.js';
import { recordings } from './recordings.js';
import type { ExitStatus, WorkerProcess } from './worker-process.js';

const STORY_MS = 240_000;
const COUNT = 30;
const BATCH_SIZE = 5;
/** A download that is held must not give up by itself, and a batch in progress may be finished however slow the machine is. */
const PATIENT = {
  S3_SOCK_READ_TIMEOUT_SECONDS: '170',
  S3_TIMEOUT_SECONDS: '170',
  SHUTDOWN_GRACE_SECONDS: '170',
  MAX_CONCURRENCY: '1',
};

afterAll(endLeftInstallations);

interface Change {
  installation: Installation;
  old: WorkerProcess[];
  oldEnded: ExitStatus[];
  successor: WorkerProcess;
  summary: IngestSummary;
  histories: string[];
}

/** Two workers have a batch each in hand; a new one starts, the old ones are told to stop, and only then can go on. */
async function change(versions?: { deployment: string }): Promise<Change> {
  const installation = await createInstallation();
  const gate = await installation.awsGate();
  gate.holdDownloads();
  const rows = recordings(COUNT, installation.bucket);
  await installation.insert(rows);
  await installation.send(rows);
  const build = (id: string): Record<string, string> =>
    versions === undefined ? {} : { WORKER_DEPLOYMENT_NAME: versions.deployment, WORKER_BUILD_ID: id };
  const makeCurrent = async (id: string): Promise<void> => {
    if (versions !== undefined) await setCurrent(installation.client, versions.deployment, id);
  };

  const env = { ...PATIENT, AWS_ENDPOINT_URL: gate.endpointUrl };
  const old = await Promise.all([1, 2].map(() => installation.worker({ ...env, ...build('old') })));
  await makeCurrent('old');
  const run = await installation.start('ingestWorkflow', {
    until_empty: true,
    max_concurrency: 1,
    batch_size: BATCH_SIZE,
  });
  await Promise.all(old.map((worker) => worker.said('batch_dispatched')));

  const successor = await installation.worker({ MAX_CONCURRENCY: '1', ...build('new') });
  await makeCurrent('new');
  for (const worker of old) worker.signal('SIGTERM');
  await Promise.all(old.map((worker) => worker.said('worker_draining')));
  gate.releaseDownloads();
  const oldEnded = await Promise.all(old.map((worker) => worker.exited()));
  const summary = (await run.result()) as IngestSummary;
  const histories = [...(await historyTexts(installation.client, installation.taskQueue)).values()];
  return { installation, old, oldEnded, successor, summary, histories };
}

let plain: Change;
let versioned: Change;

beforeAll(async () => {
  [plain, versioned] = await Promise.all([change(), change({ deployment: freshName('deployment') })]);
}, STORY_MS);

describe.each([
  ['unversioned', () => plain],
  ['versioned', () => versioned],
])('new workers in, old ones out, under load, %s', (_, story) => {
  test('the old ones finish what they have in hand, and exit 0', () => {
    const { old, oldEnded } = story();
    expect(oldEnded).toEqual(Array(2).fill({ code: 0, signal: null }));
    for (const worker of old) {
      expect(worker.of('batch_processed').map((line) => line['completed'])).toEqual([BATCH_SIZE]);
      expect(worker.of('drain_timed_out')).toEqual([]);
    }
  });

  test('the new one takes over, and nothing is lost', () => {
    const { successor, summary, installation } = story();
    expect(summary).toMatchObject({
      status: 'completed',
      hosts_lost: 0,
      batches_failed: 0,
      returned: 0,
      outcomes: { completed: COUNT },
    });
    expect(successor.of('batch_processed').length).toBeGreaterThan(0);
    expect(new Set(installation.csv().map((row) => row.message_id)).size).toBe(COUNT);
  });

  test('nothing is delivered or tried a second time', async () => {
    const { installation, histories } = story();
    expect(installation.csv().map((row) => row.receive_count)).toEqual(Array(COUNT).fill('1'));
    // Of activities: a busy server may give a workflow's task out twice, which does nothing twice.
    const started = /"activityTaskStartedEventAttributes"[^]{0,400}?"attempt": ?(\d+)/g;
    const attempts = histories.flatMap((text) => [...text.matchAll(started)].map(([, n]) => n));
    expect(attempts.length).toBeGreaterThan(COUNT / BATCH_SIZE);
    expect(new Set(attempts)).toEqual(new Set(['1']));
    expect(histories.join()).not.toMatch(/ACTIVITY_TASK_(TIMED_OUT|FAILED)/);
    await installation.close();
  });
});

test('a run that the old build began goes on with the new one', () => {
  const [ingest] = versioned.histories.filter((text) => text.includes('"ingestWorkflow"'));
  const builds = [...(ingest ?? '').matchAll(/"buildId": ?"(\w+)"/g)].map(([, build]) => build);
  expect(builds[0]).toBe('old');
  expect(builds.at(-1)).toBe('new');
});
