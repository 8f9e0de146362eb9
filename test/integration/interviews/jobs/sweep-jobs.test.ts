import { ObjectId } from 'mongodb';
import { createLostJobs } from '../../../../src/pipelines/interviews/jobs/lost-jobs.js';
import { createObjectArrivals } from '../../../../src/pipelines/interviews/jobs/object-arrived.js';
import { createObjectJobs } from '../../../../src/pipelines/interviews/jobs/object-jobs.js';
import { sweepJobs } from '../../../../src/pipelines/interviews/jobs/sweep-jobs.js';
import { freshDatabase } from '../../embedded-stack.js';
import { jobDocument, jobsOn, workflowsOf, type JobsUnderTest } from './jobs-under-test.js';

let under: JobsUnderTest;
beforeEach(async () => {
  under = await jobsOn(freshDatabase());
});
afterEach(() => under.close());

const HOUR_MS = 3_600_000;
const TWO_HOURS = 7_200;
const stored = (id: string) => under.collection.findOne({ _id: new ObjectId(id) });
const ago = (hours: number) => new Date(under.now.getTime() - hours * HOUR_MS);

async function inserted(overrides: Record<string, unknown>): Promise<string> {
  const document = jobDocument(overrides);
  await under.collection.insertOne(document);
  return document._id.toHexString();
}

/** ETags by key. */
const objects = new Map<string, string>();
const sweep = () => {
  const { collection, jobs } = under;
  const workflows = workflowsOf(under);
  const arrivals = createObjectArrivals({
    jobs,
    objectJobs: createObjectJobs(collection),
    workflows,
    objects: {
      head: ({ key }) => {
        const etag = objects.get(key);
        const rest = { crc32: undefined, contentType: undefined, metadata: {} };
        return Promise.resolve(etag === undefined ? undefined : { size: 7, etag, ...rest });
      },
    },
  });
  return sweepJobs({
    lost: createLostJobs(collection, TWO_HOURS, () => under.now),
    jobs,
    workflows,
    arrivals,
  });
};

const inWork = { status: '1', run_id: 'run-1', attempts: 2, data_process: '1' };

test('a job in work whose workflow is gone waits again, with its attempts, and has a workflow', async () => {
  const id = await inserted({ ...inWork, started_at: ago(2.1), updated_at: ago(2.1) });
  const silent = await inserted({ ...inWork });
  expect(await sweep()).toEqual({ released: 2, started: 2, begun_anew: 0 });
  expect(await stored(id)).toMatchObject({ status: '0', run_id: null, attempts: 2, data_process: '1' });
  expect(under.started.sort()).toEqual([id, silent].sort());
});

test('a job in work is left alone while its workflow runs, or before two hours are over', async () => {
  const long = await inserted({ ...inWork, started_at: ago(20), updated_at: ago(20) });
  const recent = await inserted({ ...inWork, started_at: ago(1.9), updated_at: ago(1.9) });
  under.running.add(long);
  expect(await sweep()).toEqual({ released: 0, started: 0, begun_anew: 0 });
  expect(await stored(long)).toMatchObject({ status: '1', run_id: 'run-1' });
  expect(await stored(recent)).toMatchObject({ status: '1', run_id: 'run-1' });
});

test('of a job that another run has claimed meanwhile nothing is taken', async () => {
  const id = await inserted({ ...inWork, started_at: ago(3), updated_at: ago(3) });
  const lost = createLostJobs(under.collection, TWO_HOURS, () => under.now);
  await under.collection.updateOne({ _id: new ObjectId(id) }, { $set: { run_id: 'run-2' } });
  expect(await lost.release({ job_id: id, run_id: 'run-1' })).toBe(false);
  expect(await stored(id)).toMatchObject({ status: '1', run_id: 'run-2' });
});

test('a waiting job without a workflow has one again, also where somebody set it back by hand', async () => {
  const admitted_at = ago(1);
  const running = await inserted({ run_id: null, attempts: 0, admitted_at });
  under.running.add(running);
  const lost = await inserted({ run_id: null, attempts: 1, admitted_at });
  const byHand = await inserted({ run_id: 'run-1', attempts: 3, admitted_at });
  expect(await sweep()).toEqual({ released: 0, started: 2, begun_anew: 0 });
  expect(under.started.sort()).toEqual([lost, byHand].sort());
  expect(await under.jobs.claim(byHand, { runId: 'run-2', attempt: 4 })).toMatchObject({ attempts: 4 });
});

test('a job whose object was replaced while it was read is begun anew after its end', async () => {
  const ended = { status: '3', run_id: 'run-1', ended_at: ago(1), etag: '"a"', replaced_by: 'b' };
  const replaced = await inserted({ ...ended, key: 'replaced', revision: 4 });
  const asBefore = await inserted({ ...ended, key: 'as-before' });
  objects.set('replaced', '"b"').set('as-before', '"a"');
  expect(await sweep()).toMatchObject({ begun_anew: 1 });
  expect(await stored(replaced)).toMatchObject({ status: '0', revision: 5, run_id: null, attempts: 0 });
  expect(await stored(asBefore)).toMatchObject({ status: '3' });
  expect(await sweep()).toMatchObject({ begun_anew: 0 });
  expect(await stored(asBefore)).not.toHaveProperty('replaced_by');
});
