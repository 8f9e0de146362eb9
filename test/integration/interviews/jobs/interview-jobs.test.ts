import { ObjectId } from 'mongodb';
import { InvalidJob } from '../../../../src/pipelines/interviews/jobs/job-errors.js';
import { freshDatabase } from '../../embedded-stack.js';
import { jobDocument, jobsOn, type JobsUnderTest } from './jobs-under-test.js';

let under: JobsUnderTest;
beforeEach(async () => {
  under = await jobsOn(freshDatabase());
});
afterEach(() => under.close());

const stored = (id: string) => under.collection.findOne({ _id: new ObjectId(id) });

/** A job that waits. @returns its id */
async function waiting(overrides: Record<string, unknown> = {}): Promise<string> {
  const document = jobDocument(overrides);
  await under.collection.insertOne(document);
  return document._id.toHexString();
}

const failure = { error_type: 'ObjectForbidden', error_message: 'Access is denied.' };

test('a document of the upstream application is read with what it leaves out', async () => {
  const id = await waiting({ data_process: undefined, language: null });
  expect(await under.jobs.get(id)).toMatchObject({
    ...{ job_id: id, status: '0', data_process: '0', attempts: 0, run_id: null, revision: 1 },
    created_at: new Date('2026-03-01T09:00:00.000Z'),
  });
  expect(await under.jobs.get('0123456789abcdef01234567')).toBeUndefined();
});

test('a document that is no job says which field is wrong, and never what stands in it', async () => {
  const id = await waiting({ interview_type: 'secret-film', key: 'a/../secret' });
  const refusal = await under.jobs.get(id).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(InvalidJob);
  expect((refusal as Error).message).toContain('interview_type: ');
  expect((refusal as Error).message).toContain('key: expected a key of');
  expect((refusal as Error).message).not.toContain('secret');
});

test('a claimed job is nobody else’s, and its claim may be asked for again', async () => {
  const id = await waiting();
  const first = await under.jobs.claim(id, { runId: 'run-1', attempt: 1 });
  expect(first).toMatchObject({ status: '1', run_id: 'run-1', attempts: 1, started_at: under.now });
  expect(await under.jobs.claim(id, { runId: 'run-2', attempt: 1 })).toBeUndefined();
  expect(await under.jobs.claim(id, { runId: 'run-1', attempt: 1 })).toEqual(first);
  expect(await under.jobs.holds(id, 'run-1')).toBe(true);
  expect(await under.jobs.holds(id, 'run-2')).toBe(false);
});

test('of two runs that claim at the same moment one gets the job', async () => {
  const id = await waiting();
  const claims = await Promise.all(
    ['run-1', 'run-2', 'run-3'].map((runId) => under.jobs.claim(id, { runId, attempt: 1 })),
  );
  expect(claims.filter((claimed) => claimed !== undefined)).toHaveLength(1);
});

test('a claim of an earlier attempt comes too late', async () => {
  const id = await waiting();
  await under.jobs.claim(id, { runId: 'run-1', attempt: 1 });
  const nextAttemptAt = new Date('2026-03-01T10:05:00.000Z');
  const reschedule = (at: Date) => under.jobs.reschedule(id, 'run-1', { ...failure, nextAttemptAt: at });
  expect(await reschedule(nextAttemptAt)).toBe(true);
  // Its answer was lost, and it is asked for again a moment later.
  expect(await reschedule(new Date(nextAttemptAt.getTime() + 1_000))).toBe(true);
  expect(await under.jobs.reschedule(id, 'run-2', { ...failure, nextAttemptAt })).toBe(false);
  expect(await under.jobs.get(id)).toMatchObject({
    ...{ status: '0', data_process: '1', run_id: null, attempts: 1, next_attempt_at: nextAttemptAt },
    ...failure,
  });
  expect(await under.jobs.claim(id, { runId: 'run-1', attempt: 1 })).toBeUndefined();
  const second = await under.jobs.claim(id, { runId: 'run-1', attempt: 2 });
  expect(second).toMatchObject({ status: '1', attempts: 2 });
  expect(second).not.toHaveProperty('next_attempt_at', nextAttemptAt);
});

test('only the run that holds a job completes it, and no write comes after', async () => {
  const id = await waiting();
  await under.jobs.markReady(id);
  await under.jobs.claim(id, { runId: 'run-1', attempt: 1 });
  expect(await under.jobs.setEtag(id, 'run-1', '"a"')).toBe(true);
  expect(await under.jobs.complete(id, 'run-2', { resultId: 'r', etag: '"a"' })).toBe('not');
  expect(await under.jobs.complete(id, 'run-1', { resultId: 'r', etag: '"a"' })).toBe('now');
  expect(await under.jobs.complete(id, 'run-1', { resultId: 'r', etag: '"a"' })).toBe('before');
  expect(await under.jobs.fail(id, 'run-1', failure)).toBe('not');
  expect(await under.jobs.markReady(id)).toBe(false);
  expect(await stored(id)).toMatchObject({ status: '3', result_id: 'r', etag: '"a"', ended_at: under.now });
});

test('a job whose object never comes fails without a claim, once', async () => {
  const id = await waiting();
  expect(await under.jobs.fail(id, null, failure)).toBe('now');
  expect(await under.jobs.fail(id, null, failure)).toBe('before');
  expect(await under.jobs.claim(id, { runId: 'run-1', attempt: 1 })).toBeUndefined();
  expect(await under.jobs.get(id)).toMatchObject({ status: '2', ...failure });
});

test('an ended job begins anew once, as its next revision', async () => {
  const id = await waiting();
  await under.jobs.claim(id, { runId: 'run-1', attempt: 1 });
  await under.jobs.complete(id, 'run-1', { resultId: 'r', etag: '"a"' });
  const ended = (await under.jobs.get(id))!;
  const again = { reason: 'object_replaced', ready: true } as const;
  expect(await under.jobs.beginAnew(ended, again)).toBe(true);
  const anew = await under.jobs.get(id);
  expect(anew).toMatchObject({ status: '0', data_process: '1', attempts: 0, run_id: null, revision: 2 });
  expect(anew).not.toHaveProperty('ended_at', ended.ended_at);
  await under.jobs.claim(id, { runId: 'run-2', attempt: 1 });
  expect(await under.jobs.beginAnew(ended, again)).toBe(false);
  expect(await under.jobs.holds(id, 'run-2')).toBe(true);
});

test('an interview’s jobs are found and deleted together', async () => {
  const interview_id = 'one';
  const ids = [await waiting({ interview_id }), await waiting({ interview_id, interview_type: 'audio' })];
  await waiting();
  await waiting({ interview_id, key: 'bad', expected_jobs: 'two' });
  expect((await under.jobs.ofInterview(interview_id)).map(({ job_id }) => job_id)).toEqual(ids);
  expect(await under.jobs.deleteInterview(interview_id)).toBe(3);
  expect(await under.all()).toHaveLength(1);
});

test('a page of jobs passes over what is none, and the next one goes on behind it', async () => {
  const first = await waiting();
  await waiting({ bucket: 7 });
  await under.collection.insertOne({ ...jobDocument(), _id: 'of another kind' as unknown as ObjectId });
  const last = await waiting();
  const page = await under.jobs.list({}, { limit: 2 });
  expect(page.jobs.map(({ job_id }) => job_id)).toEqual([first]);
  const rest = await under.jobs.list({}, { limit: 2, after: page.next! });
  expect(rest).toMatchObject({ jobs: [{ job_id: last }], next: undefined });
});

test('jobs are counted by their state, and those of a day by how they ended', async () => {
  expect(await under.jobs.count()).toEqual({
    ...{ total: 0, ready: 0 },
    byStatus: { '0': 0, '1': 0, '2': 0, '3': 0 },
  });
  await waiting({ data_process: '1' });
  await waiting({ status: 'strange' });
  const ended = { started_at: new Date('2026-03-01T09:00:00Z'), ended_at: new Date('2026-03-01T09:08:30Z') };
  await waiting({ status: '3', ...ended });
  await waiting({ status: '3', ...ended, started_at: new Date('2026-03-01T09:05:30Z') });
  await waiting({ status: '2', ended_at: ended.ended_at });
  await waiting({ status: '3', ...ended, ended_at: new Date('2026-02-27T09:08:30Z') });
  expect(await under.jobs.count()).toEqual({
    ...{ total: 6, ready: 1 },
    byStatus: { '0': 2, '1': 0, '2': 1, '3': 3 },
  });
  expect(await under.jobs.endedSince(new Date('2026-03-01T00:00:00Z'))).toEqual({
    ...{ completed: 2, failed: 1, averageSeconds: (510 + 180) / 2 },
  });
});

test('two jobs of the same object of an interview cannot be', async () => {
  const same = { interview_id: 'one', key: 'same' };
  await waiting(same);
  await expect(waiting(same)).rejects.toThrow(/duplicate/i);
});
