import { queueName } from '../../../../src/platform/text/queue-name.js';
import { SEARCH_ATTRIBUTES } from '../../../../src/pipelines/recordings/contract/search-attributes.js';
import type { RunList } from '../../../../src/pipelines/recordings/http/schemas.js';
import { askApi, mismatch, type ApiAnswer } from '../../../unit/recordings/http/openapi-answers.js';
import { freshName } from '../../embedded-stack.js';
import { until } from '../../../until.js';
import { SUBJECT, TEST_DATE } from '../sources/source-documents.js';
import { CHILD_MARK } from './recordings.js';
import {
  createInstallation,
  endLeftInstallations,
  SOURCE_COLLECTION,
  type Installation,
} from './installation.js';

// A question about a run that nobody works on takes five seconds.
const STORY_MS = 120_000;
jest.setTimeout(STORY_MS);

let installation: Installation;
beforeAll(async () => {
  installation = await createInstallation({ env: { SERVICE_MODE: 'orchestrator' } });
}, STORY_MS);
afterAll(endLeftInstallations);

test('a worker tells of its runs and its queue over HTTP, as its OpenAPI description says', async () => {
  const worker = await installation.worker();
  const url = await worker.healthUrl();
  const ask = async (path: string, asked: string): Promise<ApiAnswer> => {
    const answer = await askApi(url, asked);
    expect(mismatch(path, answer)).toBeUndefined();
    return answer;
  };
  const workflowId = `discovery:${SOURCE_COLLECTION}:${TEST_DATE}`;
  const input = { test_date: TEST_DATE, subject_name: SUBJECT, await_queue: false };
  // Twice, so that there are two pages of one run each.
  for (let times = 0; times < 2; times++) {
    await (await installation.start('discoveryWorkflow', input, workflowId)).result();
  }
  await installation.send(['not for this API', `{"student_id":"${CHILD_MARK}"}`]);

  const run = await ask('/api/v1/runs/{test_date}', `/runs/${TEST_DATE}`);
  expect(run).toMatchObject({
    status: 200,
    body: { workflow_id: workflowId, state: 'completed', status: 'completed', counts: { batches: 0 } },
  });

  // Visibility lags behind, and the namespace is shared with other tests.
  const seen = new Set<string>();
  await until(async () => {
    let cursor: string | null | undefined;
    for (let pages = 0; pages < 20 && cursor !== null; pages++) {
      const { body } = await ask(
        '/api/v1/runs',
        `/runs?test_date=${TEST_DATE}&limit=1${cursor === undefined ? '' : `&cursor=${cursor}`}`,
      );
      const page = body as unknown as RunList;
      for (const { run_id: id, queue } of page.runs) {
        if (queue === queueName(installation.queueUrl)) seen.add(id);
      }
      cursor = page.next_cursor;
    }
    return seen.size === 2;
  });

  const first = await ask('/api/v1/runs', `/runs?test_date=${TEST_DATE}&limit=1`);
  const cursor = String(first.body['next_cursor']);
  const wrong = [
    'abc',
    'AAAA',
    cursor.slice(4),
    Buffer.from(cursor, 'base64url').subarray(8).toString('base64url'),
  ];
  for (const asked of [
    `limit=1&cursor=${cursor}`,
    ...wrong.map((other) => `test_date=${TEST_DATE}&cursor=${other}`),
  ]) {
    const refused = await ask('/api/v1/runs', `/runs?${asked}`);
    expect(refused.status).toBe(400);
    expect(refused.body['detail']).toMatch(/^cursor: expected /);
  }

  const queue = await ask('/api/v1/queue/status', '/queue/status');
  expect(queue.body).toMatchObject({ visible: 2, dead_letters: { visible: 0, max_receive_count: 3 } });
  const stats = await ask('/api/v1/queue/stats', '/queue/stats');
  expect(stats.body).toMatchObject({
    ...{ runs_under_way: 0, runs_answered: 0, complete: true },
    ...{ success_rate: null, records_per_minute: null },
  });
  expect(await ask('/api/v1/runs/{test_date}', '/runs/1999-01-01')).toMatchObject({ status: 404 });
  expect(JSON.stringify([run.body, queue.body, stats.body])).not.toContain(CHILD_MARK);
});

test('a run that no worker answers for is counted, and its figures are said to be missing', async () => {
  const url = await (await installation.worker()).healthUrl();
  const own = await installation.start('ingestWorkflow', { until_empty: false });
  const left = await installation.client.workflow.start('ingestWorkflow', {
    taskQueue: freshName('nobody'),
    workflowId: freshName('left'),
    args: [{ until_empty: false }],
    typedSearchAttributes: [{ key: SEARCH_ATTRIBUTES.queue, value: queueName(installation.queueUrl) }],
  });
  let stats: ApiAnswer | undefined;
  // Visibility lists and counts each run at a moment of its own.
  await until(async () => {
    stats = await askApi(url, '/queue/stats');
    return stats.body['runs_under_way'] === 2 && stats.body['runs_answered'] === 1;
  });
  expect(mismatch('/api/v1/queue/stats', stats!)).toBeUndefined();
  expect(stats!.body).toMatchObject({ complete: false });
  await Promise.all([own, left].map((run) => run.terminate()));
  await installation.close();
});
