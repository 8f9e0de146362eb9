import { noOutcomes } from '../../../../src/pipelines/recordings/contract/outcome.js';
import type { IngestSummary } from '../../../../src/pipelines/recordings/contract/workflow-results.js';
import { aDescription, cli, fakeRuns } from '../../shared/cli/fake-context.js';

const environment = { SQS_QUEUE_URL: 'https://sqs.example/1/recordings' };

const summary = (completed: number): IngestSummary => ({
  status: 'running',
  queue_url: environment.SQS_QUEUE_URL,
  lanes: 2,
  backlog: { visible: 90, in_flight: 10, delayed: 0, inference_workers: 1 },
  batches: 1,
  batches_failed: 0,
  hosts_lost: 0,
  received: completed,
  returned: 0,
  outcomes: { ...noOutcomes(), completed },
  started_at: '2025-12-20T13:44:00.000Z',
  updated_at: '2025-12-20T13:45:00.000Z',
});

describe('vachan ingest', () => {
  test("starts a run under its queue's name", async () => {
    const runs = fakeRuns();
    const { code } = await cli(['ingest', '--until-empty', '--batch-size', '7', '--detach'], {
      environment,
      connectRuns: () => Promise.resolve(runs),
    });
    expect(code).toBe(0);
    expect(runs.started).toEqual([
      {
        workflowType: 'ingestWorkflow',
        workflowId: 'ingest:recordings',
        taskQueue: 'vachan',
        input: { until_empty: true, batch_size: 7 },
        title: {
          staticSummary: 'Recordings that others queue in recordings',
          staticDetails: expect.stringContaining('- **batch_size** 7\n- **until_empty** true') as string,
        },
      },
    ]);
  });

  test('does not count what is done twice while the backlog is an older measurement', async () => {
    let looks = 0;
    const runs = fakeRuns({
      describe: () => Promise.resolve(aDescription({ state: looks++ < 2 ? 'running' : 'completed' })),
      status: () => Promise.resolve({ kind: 'answered', summary: summary(looks === 1 ? 0 : 40) }),
    });
    let minutes = 0;
    const { err } = await cli(['ingest'], {
      environment,
      connectRuns: () => Promise.resolve(runs),
      now: () => new Date(minutes++ * 60_000),
    });
    expect(err[1]).toBe('0 of about 100 done · 2 lanes');
    expect(err[2]).toMatch(/^40 of about 100 done · 2 lanes · /);
  });
});
