import { S3Client } from '@aws-sdk/client-s3';
import { uploadSamples } from '../../../../tools/demo/seed.js';
import { awsClientOptions } from '../../../../tools/stack/aws.js';
import { exportsEndpoints } from '../../embedded-stack.js';
import {
  createInstallation,
  endLeftInstallations,
  type Installation,
} from '../../recordings/pipeline/installation.js';
import { samples, TINY_SAMPLE } from '../../recordings/pipeline/recordings.js';
import type { WorkerProcess } from '../../recordings/pipeline/worker-process.js';
import { vachan } from '../../shared/cli/run-vachan.js';
import { until } from '../../../until.js';
import { installExports, type ExportInstallation } from './export-installation.js';

const STORY_MS = 300_000;
const SECRET_ENTRY = 'pupil-of-the-night.txt';

let exports: ExportInstallation;
let recordings: Installation;
let worker: WorkerProcess;
let env: Record<string, string>;

/** One process that serves both pipelines in both roles. */
beforeAll(async () => {
  exports = await installExports();
  const { TASK_QUEUE: _, ...exportsEnv } = exports.env;
  recordings = await createInstallation({ env: { ...exportsEnv, PIPELINES: 'recordings,exports' } });
  const { store, bucket } = exportsEndpoints();
  const s3 = new S3Client(awsClientOptions(store));
  await uploadSamples({ s3, bucket, samplesFolder: samples.folder }).finally(() => s3.destroy());
  worker = await recordings.worker();
  env = recordings.env;
}, STORY_MS);

afterAll(async () => {
  await endLeftInstallations();
  await exports.close();
});

interface Status {
  state: string;
  result: { files: object; entries: object; rejected_by_reason: object; correlation_id: string } | null;
}

const status = async (id: string): Promise<Status | undefined> => {
  const { stdout } = await vachan(['exports', 'status', id, '--json'], env);
  return stdout === '' ? undefined : (JSON.parse(stdout) as Status);
};

/** Asked over HTTP until it has ended: each command is a process of its own. */
async function ended(id: string): Promise<Status> {
  const url = `${await worker.healthUrl()}/api/v1/exports/default/${id}`;
  await until(async () => {
    const last = (await (await fetch(url)).json()) as Partial<Status>;
    return last.result != null && last.state === (last.result as { state?: string }).state;
  });
  return (await status(id))!;
}

describe('one process that serves recordings and exports', () => {
  test(
    'works on both at once',
    async () => {
      await exports.serve('both', { 'a.txt': 'first', 'folder/b.txt': 'second' });
      const url = `s3://${exportsEndpoints().bucket}/samples/${TINY_SAMPLE}`;
      const seed = ['seed-sqs', '--audio-url', url, '--count', '2', '--test-date', '2025-12-20'];
      await Promise.all([
        exports.send('jobs', JSON.stringify({ version: 1, export_ids: ['both'], correlation_id: 'c-1' })),
        vachan(seed, env),
      ]);
      const ingest = await recordings.start('ingestWorkflow', { until_empty: true });
      expect(await ingest.result()).toMatchObject({ outcomes: { completed: 2 } });
      expect(await ended('both')).toMatchObject({
        state: 'succeeded',
        result: {
          correlation_id: 'c-1',
          files: { listed: 1, settled: 1, failed: 0 },
          entries: { seen: 2, uploaded: 2, rejected: 0, missing: 0 },
        },
      });
    },
    STORY_MS,
  );

  test('tells of both over HTTP: readiness, metrics, runs and exports', async () => {
    const health = await worker.healthUrl();
    const get = async (path: string): Promise<Response> => fetch(`${health}${path}`);
    const ready = (await (await get('/health/ready')).json()) as { checks: Record<string, string> };
    expect(ready.checks).toMatchObject({
      'recordings sqs': 'ok',
      'exports jobs queue': 'ok',
      'exports tasks queue': 'ok',
      'exports metadata': 'ok',
      temporal: 'ok',
    });
    const metrics = await (await get('/metrics')).text();
    expect(metrics).toContain('vachan_deliveries_total{pipeline="recordings",outcome="completed"} 2');
    expect(metrics).toContain('vachan_deliveries_total{pipeline="exports",outcome="settled"} 1');
    expect(metrics).toContain('vachan_export_entries_total{outcome="uploaded",reason=""} 2');
    expect(metrics).toContain('vachan_export_jobs_total{state="succeeded"} 1');
    expect(metrics).toMatch(/vachan_export_jobs_open\{state="running"\} \d/);
    const one = (await (await get('/api/v1/exports/default/both')).json()) as Status;
    expect(one).toMatchObject({ state: 'succeeded', result: { entries: { uploaded: 2 } } });
    await until(async () => {
      const list = (await (await get('/api/v1/exports?state=succeeded')).json()) as {
        exports: { export_id: string }[];
      };
      // Other tests' jobs are in the same namespace.
      return list.exports.some(({ export_id: id }) => id === 'both');
    });
    expect((await get('/api/v1/exports/default/nobody')).status).toBe(404);
    expect((await get('/api/v1/runs')).status).toBe(200);
  });

  test(
    'settles foreign messages of both queues as dead letters, with the reason and nothing of their body',
    async () => {
      await exports.send('jobs', 'dear colleagues');
      await exports.send('jobs', JSON.stringify({ version: 2, export_ids: ['x'] }));
      await exports.send('jobs', JSON.stringify({ version: 1, export_ids: ['x'], source: 'elsewhere' }));
      await exports.send('tasks', JSON.stringify({ version: 1, source: 'default', export_id: 'x' }));
      const reasons: string[] = [];
      const take = async (queue: 'jobs' | 'tasks'): Promise<void> => {
        for (const { MessageAttributes: attributes } of await exports.deadLetters(queue)) {
          reasons.push(attributes?.['reason']?.StringValue ?? 'none');
        }
      };
      await until(async () => {
        await Promise.all([take('jobs'), take('tasks')]);
        return reasons.length >= 4;
      });
      expect(reasons.sort().map((reason) => reason.split(':')[0])).toEqual([
        'body',
        'first_ordinal',
        'source',
        'version',
      ]);
      expect(worker.of('message_malformed')).toHaveLength(4);
      expect(worker.output()).not.toContain('dear colleagues');
    },
    STORY_MS,
  );

  test(
    'is worked with from the command line: plan, start, rejects, verify, list',
    async () => {
      await exports.serve('by-hand', { 'a.txt': 'first', [SECRET_ENTRY]: 'nobody knows me' }, [SECRET_ENTRY]);
      const plan = await vachan(['exports', 'plan', 'by-hand', '--json'], env);
      expect(plan.code).toBe(1);
      const planned = plan.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object);
      expect(planned).toMatchObject([
        { entry: 'a.txt', size: 5 },
        { entry: SECRET_ENTRY, reason: 'no_metadata' },
        { totals: { files: 1, entries: 2, to_upload: 1, refused: 1 } },
      ]);
      // Partial: an object is in place, and something was rejected.
      const start = await vachan(['exports', 'start', 'by-hand', '--json'], env);
      expect(start.code).toBe(3);
      expect(JSON.parse(start.stdout)).toMatchObject({
        state: 'partial',
        entries: { uploaded: 1, rejected: 1 },
      });
      const rejects = await vachan(['exports', 'rejects', 'by-hand', '--json'], env);
      expect(JSON.parse(rejects.stdout)).toMatchObject({ entry: SECRET_ENTRY, reason: 'no_metadata' });
      const verify = await vachan(['exports', 'verify', 'by-hand', '--json'], env);
      expect(verify.code).toBe(0);
      expect(JSON.parse(verify.stdout)).toMatchObject({ objects: 1, compared: 1, rows: 1, problems: [] });
      // Written since: the result knows nothing of it.
      const more = { 'a.txt': 'first', 'late.txt': 'late', [SECRET_ENTRY]: 'nobody knows me' };
      await exports.serve('by-hand', more, [SECRET_ENTRY]);
      const late = await vachan(['exports', 'verify', 'by-hand', '--json'], env);
      expect(late.code).toBe(1);
      expect(JSON.parse(late.stdout)).toMatchObject({
        ...{ rows: 2, missing: 1 },
        problems: [{ problem: 'missing', key: expect.stringMatching(/\/by-hand\/late\.txt$/) as string }],
      });
      const retry = await vachan(['exports', 'retry', 'by-hand', '--json'], env);
      expect(JSON.parse(retry.stdout)).toMatchObject({ state: 'partial', attempt: 2 });
      await until(async () => {
        const list = await vachan(['exports', 'list', '--state', 'partial', '--since', '1h', '--json'], env);
        return (JSON.parse(list.stdout) as { jobs: { export_id: string }[] }).jobs.some(
          ({ export_id: id }) => id === 'by-hand',
        );
      });
      expect((await vachan(['exports', 'cancel', 'by-hand'], env)).stderr).toContain('does not run');
      expect((await vachan(['exports', 'status', 'nobody'], env)).code).toBe(1);
    },
    STORY_MS,
  );

  test('names no entry, file or link in its log, and ends in order', async () => {
    const output = worker.output();
    for (const secret of [SECRET_ENTRY, 'one.zip', exports.api.token, '/download']) {
      expect(output).not.toContain(secret);
    }
    await recordings.close();
  });
});
