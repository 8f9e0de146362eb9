import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import type { DiscoverySummary } from '../../../../src/pipelines/recordings/contract/workflow-results.js';
import { temporalCliPath } from '../../../../tools/stack/temporal-binaries.js';
import { KeyRing } from '../../../../src/platform/crypto/key-ring.js';
import { createDataConverter } from '../../../../src/temporal/encryption/data-converter.js';
import { startVachan, vachan } from '../../shared/cli/run-vachan.js';
import { freshName, temporalEndpoints } from '../../embedded-stack.js';
import { until } from '../../../until.js';
import { TEST_DATE } from '../sources/source-documents.js';
import { createInstallation, endLeftInstallations, type Installation } from './installation.js';
import { recordings } from './recordings.js';
import { spawnWorker, type WorkerProcess } from './worker-process.js';

jest.setTimeout(180_000);

const aKey = (): string => randomBytes(32).toString('base64');
const OLD = `2025-11=${aKey()}`;
const ACTIVE = `2025-12=${aKey()}`;
const STRANGER = `stranger=${aKey()}`;
const TOKEN = randomBytes(24).toString('hex');

let installation: Installation;
let worker: WorkerProcess;
let finished: string;

type History = temporal.api.history.v1.IHistory;
const historyOf = (workflowId: string): Promise<History> =>
  installation.client.workflow.getHandle(workflowId).fetchHistory();

beforeAll(async () => {
  installation = await createInstallation({ env: { PAYLOAD_ENCRYPTION_KEYS: `${ACTIVE},${OLD}` } });
  await installation.insert(recordings(3, installation.bucket));
  worker = await installation.worker();
  const run = await installation.start('discoveryWorkflow', { test_date: TEST_DATE, mode: 'backfill' });
  expect(((await run.result()) as DiscoverySummary).outcomes.completed).toBe(3);
  finished = run.workflowId;
});
afterAll(async () => {
  await installation.close();
  await endLeftInstallations();
});

/** Every payload of a history but search attributes, which the server has to read, and the SDK's own markers of patches. */
function payloadsOf(value: unknown): { metadata: Record<string, Uint8Array> }[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  const record = value as Record<string, unknown>;
  const metadata = record['metadata'] as Record<string, Uint8Array> | undefined;
  if (metadata?.['encoding'] !== undefined) return [{ metadata }];
  return Object.entries(record)
    .filter(([name]) => name !== 'searchAttributes' && name !== 'patch-data')
    .flatMap(([, child]) => payloadsOf(child));
}

test('every payload of every workflow is encrypted with the active key', async () => {
  let payloads = 0;
  for await (const { workflowId, runId } of installation.client.workflow.list({
    query: `TaskQueue = '${installation.taskQueue}'`,
  })) {
    const history = await installation.client.workflow.getHandle(workflowId, runId).fetchHistory();
    for (const { metadata } of payloadsOf(history)) {
      payloads += 1;
      expect(Buffer.from(metadata['encoding'] ?? []).toString()).toBe('binary/encrypted');
      expect(Buffer.from(metadata['encryption-key-id'] ?? []).toString()).toBe('2025-12');
    }
  }
  expect(payloads).toBeGreaterThan(20);
});

test("the raw history holds the test date in search attributes and ids only, and a failure's words nowhere", async () => {
  const refused = await installation.start('discoveryWorkflow', {
    test_date: 'the-secret-date',
    mode: 'backfill',
  });
  await expect(refused.result()).rejects.toMatchObject({
    cause: { message: expect.stringContaining('the-secret-date') as string },
  });
  const raw = JSON.stringify(
    [await historyOf(refused.workflowId), await historyOf(finished)],
    (name, value: unknown) => (name === 'searchAttributes' ? undefined : readable(value)),
  );
  const withoutIds = raw.replaceAll(/(discovery|inference):[\w:-]+/g, '');
  const secrets = ['the-secret-date', 'test_date', TEST_DATE, 'expected'];
  expect(secrets.filter((secret) => withoutIds.includes(secret))).toEqual([]);
  expect(raw.includes('Encoded failure')).toBe(true);
});

test('the temporal command reads it through the codec server', async () => {
  const server = startVachan(['codec-server'], {
    PAYLOAD_ENCRYPTION_KEYS: `${ACTIVE},${OLD}`,
    CODEC_SERVER_TOKEN: TOKEN,
    CODEC_SERVER_PORT: '0',
  });
  let output = '';
  server.process.stdout?.on('data', (text: string) => (output += text));
  await until(() => output.includes('codec_server_started'));
  const { url } = JSON.parse(output.split('\n')[0] ?? '') as { url: string };
  const show = async (...auth: string[]): Promise<string> => {
    const { address, namespace } = temporalEndpoints();
    const target = ['--address', address, '--namespace', namespace, '-w', finished, '-o', 'json'];
    const command = await temporalCliPath();
    const { stdout } = await promisify(execFile)(command, ['workflow', 'show', ...target, ...auth], {
      maxBuffer: 64 << 20,
    });
    return JSON.stringify(JSON.parse(stdout), (_name, value: unknown) => readable(value));
  };
  try {
    expect(await show()).not.toContain(`\\"test_date\\":\\"${TEST_DATE}`);
    expect(await show('--codec-endpoint', url, '--codec-auth', `Bearer ${TOKEN}`)).toContain(
      `"test_date":"${TEST_DATE}`.replaceAll('"', '\\"'),
    );
  } finally {
    server.process.kill('SIGINT');
  }
  const ended = await server.ended;
  expect(ended.code).toBe(0);
  expect(ended.stdout).not.toContain(TOKEN);
  expect(ended.stdout).not.toContain(ACTIVE.slice(8));
});

describe('with a run open', () => {
  let open: string;
  beforeAll(async () => {
    open = freshName('open');
    await installation.start('discoveryWorkflow', { test_date: '2025-12-30', mode: 'incremental' }, open);
  });
  afterAll(() => installation.client.workflow.getHandle(open).terminate('the test is over'));

  test('a worker that lacks its key refuses to start, in one sentence', async () => {
    const keys: [string, RegExp][] = [
      [STRANGER, /\(it holds stranger\)/],
      ['', /\(it is not set\)/],
      [`2025-12=${aKey()}`, /altered, or encrypted with another key of the same id/],
    ];
    const misled = keys.map(([text, reason]) => ({
      worker: spawnWorker({ ...installation.env, PAYLOAD_ENCRYPTION_KEYS: text }),
      reason,
    }));
    for (const { worker: one, reason } of misled) {
      expect(await one.exited()).toMatchObject({ code: 1 });
      expect(one.errorOutput()).toContain(`The open run ${open} cannot be read by this worker.`);
      expect(one.errorOutput()).toMatch(reason);
      expect(one.of('temporal_sdk')).toEqual([]);
    }
  });

  test('a worker whose active key is a newer one reads it', async () => {
    const rotated = spawnWorker({ ...installation.env, PAYLOAD_ENCRYPTION_KEYS: `${STRANGER},${ACTIVE}` });
    await rotated.said('worker_started');
    await rotated.stop();
  });

  test('a command without the keys says so in one sentence', async () => {
    const settings = { TASK_QUEUE: installation.taskQueue };
    const { code, stderr } = await vachan(['status', open], settings);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^vachan: A Temporal payload is encrypted with key "2025-12", which PAYLOAD_ENCRYPTION_KEYS does not hold/,
    );
    const told = await vachan(['status', open, '--json'], {
      ...settings,
      PAYLOAD_ENCRYPTION_KEYS: `${ACTIVE},${OLD}`,
    });
    expect(told.code).toBe(0);
  });
});

test('a run that somebody encrypted with a key of their own says so where it waits, and no other run waits', async () => {
  const foreign = new Client({
    connection: installation.client.connection,
    namespace: installation.client.options.namespace,
    dataConverter: createDataConverter(KeyRing.parse(STRANGER)),
  });
  const workflowId = freshName('foreign');
  await foreign.workflow.start('discoveryWorkflow', {
    ...{ taskQueue: installation.taskQueue, workflowId, args: [{ test_date: TEST_DATE }] },
  });
  const words = /encrypted with key "stranger", which PAYLOAD_ENCRYPTION_KEYS does not hold/;
  await worker.said('temporal_sdk', ({ error }) => words.test((error as Error | undefined)?.message ?? ''));
  let failure: string | null | undefined;
  await until(async () => {
    const { events } = await historyOf(workflowId);
    failure = events?.find((event) => event.workflowTaskFailedEventAttributes)
      ?.workflowTaskFailedEventAttributes?.failure?.message;
    return failure != null;
  });
  expect(failure).toMatch(words);
  const other = await installation.start('discoveryWorkflow', { test_date: TEST_DATE, mode: 'backfill' });
  expect(await other.result()).toMatchObject({ status: 'completed' });
  await foreign.workflow.getHandle(workflowId).terminate('the test is over');
});

function readable(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (typeof value !== 'string' || !/^[A-Za-z0-9+/]{8,}=*$/.test(value)) return value;
  const text = Buffer.from(value, 'base64').toString('utf8');
  return /^[\x20-\x7e]+$/.test(text) ? text : value;
}
