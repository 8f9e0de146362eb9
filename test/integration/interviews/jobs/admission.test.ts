import { ObjectId } from 'mongodb';
import { DependencyUnavailable } from '../../../../src/platform/errors.js';
import { findNewJobs } from '../../../../src/pipelines/interviews/jobs/find-new-jobs.js';
import { freshDatabase } from '../../embedded-stack.js';
import { jobDocument, jobsOn, type JobsUnderTest } from './jobs-under-test.js';

let under: JobsUnderTest;
beforeEach(async () => {
  under = await jobsOn(freshDatabase());
});
afterEach(() => under.close());

const look = () => findNewJobs(under.collection, under.admission);
const stored = (_id: unknown) => under.collection.findOne({ _id: _id as ObjectId });

test('every new document gets its workflow, once', async () => {
  const documents = Array.from({ length: 20 }, () => jobDocument());
  await under.collection.insertMany(documents);
  await under.collection.insertMany([jobDocument({ status: '1' }), jobDocument({ status: '3' })]);
  const [first, second] = await Promise.all([look(), look()]);
  expect(first + second).toBe(20);
  expect([...under.started].sort()).toEqual(documents.map(({ _id }) => _id.toHexString()).sort());
  expect(await look()).toBe(0);
});

test('what the upstream application left out or made up is set right', async () => {
  const document = jobDocument({ status: undefined, attempts: 7, run_id: 'theirs', owner: 'kept' });
  await under.collection.insertOne(document, { ignoreUndefined: true });
  await look();
  expect(await stored(document._id)).toMatchObject({
    ...{ status: '0', data_process: '0', attempts: 0, run_id: null, revision: 1, owner: 'kept' },
    admitted_at: under.now,
  });
});

test.each([
  [{ interview_type: 'film' }, 'interview_type: expected one of video, audio'],
  [{ interview_id: 17 }, 'interview_id: expected a string'],
  [{ key: 'a/../b' }, 'key: expected a key of'],
  [{ bucket: 'others' }, 'none of INTERVIEW_BUCKETS'],
  [{ expected_jobs: 0 }, 'expected_jobs: '],
  [{ timeout_seconds: 'long' }, 'timeout_seconds: expected'],
  [{ status: 5 }, undefined],
  [{ questions: [{ text: '' }] }, 'questions.0.text: '],
])('a document with %j is looked at once', async (overrides, problem) => {
  const document = jobDocument(overrides);
  await under.collection.insertOne(document);
  await look();
  await look();
  const found = await stored(document._id);
  if (problem === undefined) {
    expect(found).toMatchObject({ status: '0' });
    return;
  }
  expect(found).toMatchObject({ status: '2', error_type: 'InvalidJob', ended_at: under.now });
  expect(found!['error_message']).toContain(problem);
  const told = { job_id: document._id.toHexString(), error_type: 'InvalidJob' };
  expect(under.refused).toEqual([told]);
  expect(under.started).toEqual([]);
});

test('a document with an id of its own making fails, and its id is told nobody', async () => {
  await under.collection.insertOne(jobDocument({ _id: 'asha-rao' }));
  await look();
  expect(await stored('asha-rao')).toMatchObject({ status: '2', error_type: 'InvalidJob' });
  expect(under.refused).toEqual([{ job_id: undefined, error_type: 'InvalidJob' }]);
});

test('a job of an erased interview is refused', async () => {
  const document = jobDocument({ interview_id: 'gone' });
  under.erased.add('gone');
  await under.collection.insertOne(document);
  await look();
  const found = await stored(document._id);
  expect(found).toMatchObject({ status: '2', error_type: 'InterviewErased' });
  // By which the sweep would find it, and tell of it.
  expect(found).not.toHaveProperty('ended_at');
});

test('a job whose workflow could not be started is found by the next look', async () => {
  await under.collection.insertMany([jobDocument(), jobDocument()]);
  under.broken.error = new DependencyUnavailable('Temporal did not start it');
  await expect(look()).rejects.toThrow(under.broken.error);
  under.broken.error = undefined;
  expect(await look()).toBe(2);
});

test('a job that is begun anew while its last workflow ends gets the next one after it', async () => {
  const document = jobDocument();
  const id = document._id.toHexString();
  await under.collection.insertOne(document);
  await look();
  await under.jobs.fail(id, null, { error_type: 'NotThere', error_message: 'It never came.' });
  await under.jobs.beginAnew((await under.jobs.get(id))!, { reason: 'retry', ready: false });
  under.running.add(id);
  await look();
  expect(under.started).toEqual([id]);
  under.running.clear();
  await look();
  expect(under.started).toEqual([id, id]);
});
