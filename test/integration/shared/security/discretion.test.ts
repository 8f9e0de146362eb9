import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { vachan } from '../cli/run-vachan.js';
import { SECRETS, leaksIn } from '../../recordings/pipeline/discretion.js';
import {
  createInstallation,
  endLeftInstallations,
  type Installation,
} from '../../recordings/pipeline/installation.js';
import { CHILD_MARK, SCHOOL_MARK } from '../../recordings/pipeline/recordings.js';
import { seed } from '../../recordings/pipeline/seeded-rows.js';
import { TEST_DATE } from '../../recordings/sources/source-documents.js';

jest.setTimeout(240_000);

const payloadKey = randomBytes(32).toString('base64');
const settings = {
  LOG_LEVEL: 'debug',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  POSTGRES_DSN: 'postgresql://vachan:the-password-of-postgres@127.0.0.1:1/vachan',
  CODEC_SERVER_TOKEN: randomBytes(24).toString('hex'),
  PAYLOAD_ENCRYPTION_KEYS: `k=${payloadKey}`,
};
const secretsOfSettings = [
  settings.AWS_SECRET_ACCESS_KEY,
  'the-password-of-postgres',
  settings.CODEC_SERVER_TOKEN,
  payloadKey,
  Buffer.from(payloadKey, 'base64').toString('hex'),
];

let installation: Installation;
beforeAll(async () => {
  installation = await createInstallation({ env: settings });
});
afterAll(async () => {
  await installation.close();
  await endLeftInstallations();
});

test("no log line at debug level, no metric and no answer of any process holds a child's id, a signature or a secret", async () => {
  await seed(installation, 40);
  const workers = [
    await installation.worker({ SERVICE_MODE: 'orchestrator' }),
    await installation.worker({ SERVICE_MODE: 'inference' }),
  ];
  const run = await installation.start('discoveryWorkflow', { test_date: TEST_DATE, mode: 'backfill' });
  await run.result();

  const written: [string, string][] = [];
  for (const worker of workers) {
    const url = await worker.healthUrl();
    for (const path of [
      '/metrics',
      '/health/health',
      '/health/ready',
      '/api/v1/runs',
      '/api/v1/queue/status',
      '/api/v1/queue/stats',
    ]) {
      const answer = await fetch(`${url}${path}`);
      expect(answer.status).toBe(200);
      written.push([`${url}${path}`, await answer.text()]);
    }
    written.push([`worker ${worker.pid}`, worker.output()]);
  }
  for (const command of [['doctor'], ['status', run.workflowId, '--json'], ['dlq', 'list', '--json']]) {
    const { stdout, stderr } = await vachan(command, { ...installation.env });
    written.push([`vachan ${command.join(' ')}`, stdout + stderr]);
  }

  const leaks = written.flatMap(([where, text]) =>
    leaksIn(text, [...SECRETS, ...secretsOfSettings]).map((leak) => `${where}: ${leak}`),
  );
  expect(leaks).toEqual([]);

  // The test would prove nothing without children, failures and debug lines.
  const csv = readFileSync(installation.csvPath, 'utf8');
  expect(csv).toContain(CHILD_MARK);
  expect(csv).toContain(SCHOOL_MARK);
  expect(csv).toContain('failed_pre_inference');
  expect(workers.some((worker) => worker.lines().some(({ level }) => level === 'debug'))).toBe(true);
});
