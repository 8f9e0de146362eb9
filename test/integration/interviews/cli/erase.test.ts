import { Client, Connection } from '@temporalio/client';
import { openInterviews, type InterviewsAccess } from '#vachan/pipelines/interviews/cli/open-interviews.js';
import {
  interviewWorkflowId,
  jobWorkflowId,
  WORKFLOW_TYPES,
} from '#vachan/pipelines/interviews/contract/names.js';
import type { EraseReport } from '#vachan/pipelines/interviews/erase/erase-interview.js';
import { interviewDigest } from '#vachan/pipelines/interviews/interview-digest.js';
import { result, sample } from '../../../unit/interviews/results/factories.js';
import { freshInterviews } from '../../embedded-stack.js';
import { interviewsCli } from './interviews-cli.js';

describe('vachan interviews erase', () => {
  let env: Record<string, string>;
  let bucket: string;
  let access: InterviewsAccess;
  let temporal: Client;
  const asked: string[] = [];

  beforeAll(async () => {
    const installation = await freshInterviews();
    env = { INTERVIEW_ID_KEY: 'of-these-tests-and-long-enough-to-be-one', ...installation.env };
    ({ bucket } = installation.endpoints);
    access = openInterviews(env);
    temporal = new Client({
      connection: await Connection.connect({ address: env['TEMPORAL_ADDRESS']! }),
      namespace: env['TEMPORAL_NAMESPACE']!,
    });
  });
  afterAll(async () => {
    await access.close();
    await temporal.connection.close();
  });

  const vachan = (...args: string[]) =>
    interviewsCli(args, env, {
      confirm: (question) => {
        asked.push(question);
        return Promise.resolve(question.includes('"yes"'));
      },
    });

  /** An interview with something everywhere, whose workflows nobody works on. */
  async function kept(
    interviewId: string,
  ): Promise<{ jobId: string; digest: string; workflowIds: string[] }> {
    const { job_id: jobId } = await access.insertJob({
      interview_id: interviewId,
      interview_type: 'video',
      bucket,
      key: `${interviewId}.mp4`,
    });
    await access.jobs.markReady(jobId);
    const job = await access.jobs.claim(jobId, { runId: 'run-1', attempt: 1 });
    const digest = interviewDigest(interviewId, access.idKey);
    const of = { job_id: jobId, run_id: 'run-1', etag: '"one"' };
    await access.parts.putChunk(of, digest, 0, { samples: [sample(0)] });
    await access.results.store(result({ job: job!, of, interviewDigest: digest }));
    await access.events.record(
      { interview_id: interviewId, type: 'interview.completed', state: 'one', data: {} },
      false,
    );
    const workflowIds = [jobWorkflowId(jobId), interviewWorkflowId(digest)];
    await temporal.workflow.start(WORKFLOW_TYPES.job, {
      workflowId: workflowIds[0]!,
      taskQueue: 'nobody-listens',
      args: [{ job_id: jobId }],
    });
    return { jobId, digest, workflowIds };
  }

  it('leaves nothing of an interview but its tombstone, and nothing else is touched', async () => {
    const gone = await kept('gone');
    const stays = await kept('stays');

    const run = await vachan('erase', 'gone', '--yes', '--wait-seconds', '1', '--json');

    expect(run).toMatchObject({ code: 0, err: '' });
    expect(run.json<EraseReport>()).toEqual({
      jobs: 1,
      workflows: { cancelled: 0, terminated: 1 },
      parts: 1,
      results: 1,
      events: 1,
    });
    const { status } = await temporal.workflow.getHandle(gone.workflowIds[0]!).describe();
    expect(status.name).toBe('TERMINATED');
    expect(await access.jobs.ofInterview('gone')).toEqual([]);
    expect(await access.results.ofInterview('gone')).toEqual([]);
    expect(await access.events.of('gone')).toEqual([]);
    expect(await access.erased.isErased('gone')).toBe(true);
    expect(await access.erased.erasedSince(new Date(0))).toEqual([gone.digest]);

    expect(await access.jobs.ofInterview('stays')).toHaveLength(1);
    expect(await access.results.ofInterview('stays')).toHaveLength(1);
    expect((await temporal.workflow.getHandle(stays.workflowIds[0]!).describe()).status.name).toBe('RUNNING');
    await temporal.workflow.getHandle(stays.workflowIds[0]!).terminate();
  });

  it('may be repeated, and says what of an interview that it does not know was there: nothing', async () => {
    const none = { jobs: 0, workflows: { cancelled: 0, terminated: 0 }, parts: 0, results: 0, events: 0 };

    for (const name of ['gone', 'unknown']) {
      expect((await vachan('erase', name, '-y', '--json')).json()).toEqual(none);
    }
    expect((await vachan('erase', 'unknown', '--yes')).out).toBe(
      'Nothing of "unknown" was found; it is refused from now on. Is the id right?',
    );
    expect((await vachan('add', 'unknown', `s3://${bucket}/unknown.mp4`)).code).toBe(1);
  });

  it('counts no workflow that had ended before', async () => {
    const { workflowIds } = await kept('ended');
    await temporal.workflow.getHandle(workflowIds[0]!).terminate();

    const run = await vachan('erase', 'ended', '--yes', '--wait-seconds', '1', '--json');

    expect(run.json<EraseReport>()).toMatchObject({ jobs: 1, workflows: { cancelled: 0, terminated: 0 } });
  });

  it('asks before it erases anything, and says of how many jobs', async () => {
    const no = await vachan('erase', 'asked');
    expect(no).toMatchObject({ code: 3, err: 'Nothing was erased.' });
    expect(await access.erased.isErased('asked')).toBe(false);

    await kept('yes');
    const yes = await vachan('erase', 'yes', '--wait-seconds', '1');
    expect(yes.code).toBe(0);
    expect(asked).toEqual([
      'Erase all that is kept of interview "asked" (0 jobs), for good?',
      'Erase all that is kept of interview "yes" (1 job), for good?',
    ]);
    expect(yes.out).toContain('Nothing of this interview is taken in again');
  });
});
