import { NoSuchRun } from '../../../../src/temporal/runs/run-errors.js';
import { describeJob } from '../../../../src/pipelines/exports/jobs/describe-job.js';
import { jobOf, jobWorkflowId } from '../../../../src/pipelines/exports/contract/job-ref.js';
import type { ExportState } from '../../../../src/pipelines/exports/state/job-state.js';
import { aDescription, fakeRuns } from '../../shared/cli/fake-context.js';
import { aResult } from '../cli/fake-jobs.js';

const JOB = { source: 'default', export_id: '4711' };

const stateWith = (result: ReturnType<typeof aResult> | undefined): Pick<ExportState, 'of'> =>
  ({ of: () => ({ result: () => Promise.resolve(result) }) }) as unknown as ExportState;

describe('what is known of a job', () => {
  test('is its result once Temporal has forgotten it', async () => {
    const runs = fakeRuns({ describe: () => Promise.reject(new NoSuchRun('gone')) });
    expect(await describeJob(runs, stateWith(aResult()), JOB)).toMatchObject({
      run: null,
      state: 'partial',
      result: { attempt: 1 },
    });
    await expect(describeJob(runs, stateWith(undefined), JOB)).rejects.toThrow(NoSuchRun);
  });

  test('is what the run ended with, and how a run failed', async () => {
    const ended = fakeRuns({
      describe: () => Promise.resolve(aDescription({ state: 'completed' })),
      end: () => Promise.resolve({ state: 'completed', summary: aResult({ state: 'succeeded' }) as never }),
    });
    expect(await describeJob(ended, stateWith(undefined), JOB)).toMatchObject({ state: 'succeeded' });
    const failed = fakeRuns({
      describe: () => Promise.resolve(aDescription({ state: 'failed' })),
      end: () => Promise.resolve({ state: 'failed', failure: 'export_unknown' }),
    });
    expect(await describeJob(failed, stateWith(aResult({ state: 'failed' })), JOB)).toMatchObject({
      state: 'failed',
      missing: 'export_unknown',
    });
  });

  test('of a running one that no worker answers for is why', async () => {
    const runs = fakeRuns({
      describe: () => Promise.resolve(aDescription()),
      status: () => Promise.resolve({ kind: 'no_worker', builds: [] }),
    });
    const found = await describeJob(runs, stateWith(undefined), JOB);
    expect(found).toMatchObject({ state: 'running', status: null });
    expect(found.missing).toContain('vachan');
  });
});

test.each(['4711', 'a/b:c', '.hidden', '100 %', 'ü'])('the workflow id of %j leads back to it', (id) => {
  expect(jobOf(jobWorkflowId({ source: 's-1', export_id: id }))).toEqual({ source: 's-1', export_id: id });
  expect(jobOf(`other:${id}`)).toBeUndefined();
});
