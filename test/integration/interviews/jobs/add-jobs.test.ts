import { DependencyUnavailable } from '../../../../src/platform/errors.js';
import { IdempotencyKeyReused, InvalidRequest } from '../../../../src/platform/http/api.js';
import { addJobs } from '../../../../src/pipelines/interviews/jobs/add-jobs.js';
import { findNewJobs } from '../../../../src/pipelines/interviews/jobs/find-new-jobs.js';
import { insertJob } from '../../../../src/pipelines/interviews/jobs/insert-job.js';
import type { JobRequest } from '../../../../src/pipelines/interviews/jobs/job-fields.js';
import {
  createKeptAnswers,
  type KeptAnswer,
} from '../../../../src/pipelines/interviews/jobs/kept-answers.js';
import { freshDatabase } from '../../embedded-stack.js';
import { jobsOn, type JobsUnderTest } from './jobs-under-test.js';

let under: JobsUnderTest;
beforeEach(async () => {
  under = await jobsOn(freshDatabase());
});
afterEach(() => under.close());

const request = (overrides: Partial<JobRequest> = {}): JobRequest => ({
  ...{ interview_id: 'one', interview_type: 'video', bucket: 'media', key: 'one.mp4' },
  ...overrides,
});
const log = { warn: () => undefined };
const add = (...requests: JobRequest[]) =>
  addJobs({ collection: under.collection, admission: under.admission, log }, requests);

test('a job is added once, however often it is asked for', async () => {
  const [first] = await add(request({ expected_jobs: 2 }));
  expect(first).toMatchObject({ outcome: 'added' });
  const [again, audio] = await add(request(), request({ interview_type: 'audio' }));
  expect(again).toMatchObject({ job_id: first!.job_id, outcome: 'known' });
  expect(audio).toMatchObject({ outcome: 'added' });
  expect(under.started).toEqual([first!.job_id, audio!.job_id]);
  expect(await under.jobs.get(first!.job_id!)).toMatchObject({ status: '0', expected_jobs: 2, revision: 1 });
});

test('of the same request many times at once one adds the job', async () => {
  const added = await Promise.all(Array.from({ length: 8 }, () => insertJob(under.collection, request())));
  expect(added.filter((job) => job.added)).toHaveLength(1);
  expect(new Set(added.map((job) => job.job_id)).size).toBe(1);
});

test('a job that waits takes what a later request says besides, a claimed one does not', async () => {
  const [job] = await add(request());
  await add(request({ language: 'en', questions: [{ text: 'Why?' }] }));
  expect(await under.jobs.get(job!.job_id!)).toMatchObject({ language: 'en', questions: [{ text: 'Why?' }] });
  await under.jobs.claim(job!.job_id!, { runId: 'run-1', attempt: 1 });
  await add(request({ language: 'hi' }));
  expect(await under.jobs.get(job!.job_id!)).toMatchObject({ status: '1', language: 'en' });
});

test('where one job may not be, none is added', async () => {
  const refused = add(request(), request({ bucket: 'others', key: 'two.mp4' }));
  await expect(refused).rejects.toThrow(InvalidRequest);
  await expect(refused).rejects.toThrow(/^jobs\.1\.bucket: others is none of INTERVIEW_BUCKETS/);
  expect(await under.all()).toEqual([]);
});

test('a job of an erased interview is not added, and the others of the request are', async () => {
  under.erased.add('gone');
  const answers = await add(request({ interview_id: 'gone' }), request());
  expect(answers).toMatchObject([{ job_id: null, outcome: 'erased' }, { outcome: 'added' }]);
  expect(await under.all()).toHaveLength(1);
});

test('a job whose interview is erased while it is added leaves no document', async () => {
  const before = under.admission;
  const admission = {
    ...before,
    check: async (job: JobRequest) => {
      await before.check(job);
      under.erased.add(job.interview_id);
    },
  };
  const added = await addJobs({ collection: under.collection, admission, log }, [request()]);
  expect(added).toEqual([{ job_id: null, outcome: 'erased' }]);
  expect(await under.collection.countDocuments()).toBe(0);
  expect(under.started).toEqual([]);
});

test('a job that was added while Temporal was away is started by the next look', async () => {
  under.broken.error = new DependencyUnavailable('Temporal did not start it');
  const [job] = await add(request());
  expect(job).toMatchObject({ outcome: 'added' });
  under.broken.error = undefined;
  expect(await findNewJobs(under.collection, under.admission)).toBe(1);
  expect(under.started).toEqual([job!.job_id]);
});

test('the same request under a key has the same answer, another one under it is refused', async () => {
  const kept = createKeptAnswers(under.collection.db.collection<KeptAnswer>('interview_queue_requests'));
  await kept.ensureIndexes();
  let asked = 0;
  const answer = () => Promise.resolve({ jobs: [{ number: (asked += 1) }] });
  expect(await kept.once('key of Asha Rao', { jobs: [1] }, answer)).toEqual({ jobs: [{ number: 1 }] });
  expect(await kept.once('key of Asha Rao', { jobs: [1] }, answer)).toEqual({ jobs: [{ number: 1 }] });
  await expect(kept.once('key of Asha Rao', { jobs: [2] }, answer)).rejects.toThrow(IdempotencyKeyReused);
  expect(asked).toBe(1);
  const both = await Promise.all([kept.once('two', {}, answer), kept.once('two', {}, answer)]);
  expect(both[0]).toEqual(both[1]);
  const stored = await under.collection.db.collection('interview_queue_requests').find().toArray();
  expect(JSON.stringify(stored)).not.toContain('Asha');
});

test('a request whose answer was an error may be made again under its key', async () => {
  const kept = createKeptAnswers(under.collection.db.collection<KeptAnswer>('interview_queue_requests'));
  const failing = () => Promise.reject(new DependencyUnavailable('away'));
  await expect(kept.once('key', {}, failing)).rejects.toThrow('away');
  expect(await kept.once('key', {}, () => Promise.resolve('done'))).toBe('done');
});
