import { freePorts } from '../../../../tools/stack/server-start.js';
import { until } from '../../../until.js';
import { createInstallation, endLeftInstallations, type Installation } from './installation.js';
import { spawnWorker } from './worker-process.js';

const STORY_MS = 60_000;

let installation: Installation;
beforeAll(async () => {
  installation = await createInstallation({ env: { SERVICE_MODE: 'orchestrator' } });
}, STORY_MS);
afterAll(endLeftInstallations);

interface Ready {
  status: number;
  checks: Record<string, string>;
}

async function ready(url: string): Promise<Ready> {
  const answer = await fetch(`${url}/health/ready`);
  const { checks } = (await answer.json()) as Pick<Ready, 'checks'>;
  return { status: answer.status, checks };
}

const live = async (url: string): Promise<number> => (await fetch(`${url}/health/live`)).status;

test('a worker whose queue goes away is not ready, and says why, but lives', async () => {
  const gate = await installation.awsGate();
  const worker = await installation.worker({ AWS_ENDPOINT_URL: gate.endpointUrl });
  const url = await worker.healthUrl();
  expect((await ready(url)).status).toBe(200);
  gate.refuseSqs();
  await until(async () => (await ready(url)).status === 503);
  const { checks } = await ready(url);
  expect(checks).toMatchObject({ temporal: 'ok', database: 'ok', source: 'ok' });
  expect(checks['sqs']).not.toBe('ok');
  expect(await live(url)).toBe(200);
});

test('a worker that starts before its database lives, waits, and gets ready', async () => {
  const mongo = await installation.mongoGate();
  mongo.cut();
  const [port] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const starting = installation.worker({
    MONGO_URI: `${mongo.uri}&serverSelectionTimeoutMS=500`,
    HEALTH_PORT: String(port),
  });
  await until(() =>
    live(url).then(
      (status) => status === 200,
      () => false,
    ),
  );
  expect(await ready(url)).toEqual({ status: 503, checks: { worker: 'starting' } });
  mongo.fix();
  await starting;
  expect((await ready(url)).status).toBe(200);
  await installation.close();
});

test('a worker that is misconfigured ends with one message that names every wrong variable and no secret', async () => {
  const worker = spawnWorker({
    ...installation.env,
    MONGO_URI: 'postgres://admin:hunter2@db/vachan',
    SQS_QUEUE_URL: '',
    BATCH_SIZE: 'many',
    SERVICE_MODE: 'everything',
    PIPELINES: 'recordings,sports',
  });
  expect(await worker.exited()).toEqual({ code: 1, signal: null });
  for (const name of ['MONGO_URI', 'SQS_QUEUE_URL', 'BATCH_SIZE', 'SERVICE_MODE']) {
    expect(worker.errorOutput()).toContain(`- ${name} is `);
  }
  expect(worker.errorOutput()).toContain('- PIPELINES names "sports"; it takes ');
  expect(worker.errorOutput()).toContain('"many"');
  expect(worker.output()).not.toContain('hunter2');
});
