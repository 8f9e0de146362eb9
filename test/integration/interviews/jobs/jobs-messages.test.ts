import { ObjectId } from 'mongodb';
import { findNewJobs } from '../../../../src/pipelines/interviews/jobs/find-new-jobs.js';
import { createJobsHandler } from '../../../../src/pipelines/interviews/jobs/messages/jobs-handler.js';
import type { JobsMessage } from '../../../../src/pipelines/interviews/jobs/messages/read-message.js';
import { createObjectArrivals } from '../../../../src/pipelines/interviews/jobs/object-arrived.js';
import { createObjectJobs } from '../../../../src/pipelines/interviews/jobs/object-jobs.js';
import { freshDatabase } from '../../embedded-stack.js';
import { jobDocument, jobsOn, workflowsOf, type JobsUnderTest } from './jobs-under-test.js';

let under: JobsUnderTest;
/** ETags of the objects that there are, by key. */
let objects: Map<string, string>;
beforeEach(async () => {
  under = await jobsOn(freshDatabase());
  objects = new Map();
});
afterEach(() => under.close());

const stored = (id: string) => under.collection.findOne({ _id: new ObjectId(id) });
const written = (key: string, etag = 'a', bucket = 'media') => ({ bucket, key, etag });

function handle(message: JobsMessage) {
  const { collection, admission, jobs } = under;
  const objectJobs = createObjectJobs(collection);
  const head = ({ key }: { key: string }) => {
    const etag = objects.get(key);
    const rest = { crc32: undefined, contentType: undefined, metadata: {} };
    return Promise.resolve(etag === undefined ? undefined : { size: 7, etag, ...rest });
  };
  const handler = createJobsHandler({
    ...{ collection, admission, objectJobs, log: { warn: () => undefined }, buckets: ['media'] },
    pattern: /^(?<interview_id>[^/]+)\/(?<interview_type>video|audio)\./,
    arrivals: createObjectArrivals({ jobs, objectJobs, workflows: workflowsOf(under), objects: { head } }),
  });
  return handler({ message, signal: new AbortController().signal });
}

async function inserted(overrides: Record<string, unknown>): Promise<string> {
  const document = jobDocument(overrides);
  await under.collection.insertOne(document);
  return document._id.toHexString();
}

const job = { interview_id: 'one', interview_type: 'video', bucket: 'media', key: 'k' } as const;

test('jobs of a message are taken on, once for all of its deliveries', async () => {
  const message: JobsMessage = { jobs: [job, { ...job, interview_type: 'audio' }] };
  expect(await handle(message)).toEqual({ message: 'delete', outcome: 'admitted' });
  expect(await handle(message)).toEqual({ message: 'delete', outcome: 'known' });
  expect(under.started).toHaveLength(2);
});

test('a message whose job may not be read goes to the dead letters, and none of its jobs is taken on', async () => {
  const settled = await handle({ jobs: [job, { ...job, bucket: 'others' }] });
  expect(settled).toMatchObject({ message: 'dead-letter', outcome: 'malformed' });
  expect(await under.all()).toEqual([]);
});

test('an object wakes the jobs that wait for it', async () => {
  const id = await inserted({ key: 'here', admitted_at: new Date() });
  under.running.add(id);
  expect(await handle({ objects: [written('here')] })).toEqual({ message: 'delete', outcome: 'woken' });
  expect(under.woken).toEqual([id]);
});

test('an object whose key names an interview makes a job, and any other makes none', async () => {
  const event = { objects: [written('one/video.webm'), written('one/notes.txt')] };
  expect(await handle(event)).toEqual({ message: 'delete', outcome: 'admitted' });
  const [made, ...more] = await under.all();
  expect(made).toMatchObject({ interview_id: 'one', interview_type: 'video', key: 'one/video.webm' });
  expect(more).toEqual([]);
  expect(await handle({ objects: [written('one/notes.txt')] })).toMatchObject({ outcome: 'ignored' });
  const foreign = { objects: [written('one/video.webm', 'a', 'others')] };
  expect(await handle(foreign)).toMatchObject({ outcome: 'ignored' });
});

test('an object of an erased interview makes no job', async () => {
  under.erased.add('gone');
  expect(await handle({ objects: [written('gone/video.webm')] })).toMatchObject({ outcome: 'ignored' });
  expect(await under.all()).toEqual([]);
});

const ended = { run_id: 'run-1', ended_at: new Date(), admitted_at: new Date(), attempts: 1 };

test('another object under the key of a job that has ended begins it anew, once', async () => {
  const id = await inserted({ key: 'here', status: '3', etag: '"a"', result_id: 'r', ...ended });
  objects.set('here', '"b"');
  expect(await handle({ objects: [written('here', 'b')] })).toMatchObject({ outcome: 'admitted' });
  expect(await stored(id)).toMatchObject({ status: '0', revision: 2, attempts: 0, run_id: null });
  expect(await findNewJobs(under.collection, under.admission)).toBe(1);
  expect(under.started).toEqual([id]);
  under.running.add(id);
  expect(await handle({ objects: [written('here', 'b')] })).toMatchObject({ outcome: 'woken' });
  expect(await stored(id)).toMatchObject({ revision: 2 });
});

test('the event of the object that was analysed changes nothing, however late it comes', async () => {
  const id = await inserted({ key: 'here', status: '3', etag: '"b"', ...ended });
  objects.set('here', '"b"');
  // Also one of an object before it: the store knows which one is there now.
  for (const etag of ['b', 'a']) {
    expect(await handle({ objects: [written('here', etag)] })).toMatchObject({ outcome: 'known' });
  }
  expect(await stored(id)).toMatchObject({ status: '3' });
});

test('an object that came after its job had given up begins it anew; a job that is none stays failed', async () => {
  const late = await inserted({
    key: 'late',
    status: '2',
    error_type: 'NotReadyInTime',
    ...ended,
    run_id: null,
  });
  const none = await inserted({ key: 'none', status: '2', error_type: 'InvalidJob', ...ended, run_id: null });
  objects.set('late', '"a"').set('none', '"a"');
  expect(await handle({ objects: [written('late'), written('none')] })).toMatchObject({
    outcome: 'admitted',
  });
  expect(await stored(late)).toMatchObject({ status: '0', revision: 2 });
  expect(await stored(none)).toMatchObject({ status: '2' });
});

test('of an object that is replaced while it is read a note is kept', async () => {
  const id = await inserted({
    key: 'here',
    status: '1',
    etag: '"a"',
    run_id: 'run-1',
    admitted_at: new Date(),
  });
  expect(await handle({ objects: [written('here', 'a')] })).toMatchObject({ outcome: 'known' });
  expect(await stored(id)).not.toHaveProperty('replaced_by');
  await handle({ objects: [written('here', 'b')] });
  expect(await stored(id)).toMatchObject({ status: '1', run_id: 'run-1', replaced_by: 'b' });
});
