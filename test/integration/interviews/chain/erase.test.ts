import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { MongoClient, type Db } from 'mongodb';
import { interviewDigest } from '#vachan/pipelines/interviews/interview-digest.js';
import type { EraseReport } from '#vachan/pipelines/interviews/erase/erase-interview.js';
import { completed } from '#tools/interviews/media/expected-outcome.js';
import { mediaFolder } from '#tools/interviews/media/known-media.js';
import type { SeededInterview, SeededMedium } from '#tools/interviews/seeded-interview.js';
import { until } from '../../../until.js';
import { interviewsCli } from '../cli/interviews-cli.js';
import { createInterviewsInstallation, type InterviewsInstallation } from './interviews-installation.js';

let installation: InterviewsInstallation;
let mongo: MongoClient;
let db: Db;
beforeAll(async () => {
  installation = await createInterviewsInstallation();
  const { uri, database } = installation.endpoints.mongo;
  mongo = await new MongoClient(uri).connect();
  db = mongo.db(database);
  installation.process('all');
});
afterAll(async () => {
  await mongo.close();
  await installation.close();
});

const medium = (type: SeededMedium['type'], file: string | undefined): SeededMedium => ({
  ...{ type, door: 'insert', outcome: completed({}), key: `staging/${randomUUID()}` },
  content: file === undefined ? undefined : { file: join(mediaFolder(), file) },
});

const interview = (...media: SeededMedium[]): SeededInterview => ({
  ...{ kind: 'erased', media, id: `interview-${randomUUID()}`, saysHowMany: true },
});

/** Documents of all collections that speak of it, by collection. */
async function documentsWith(...words: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const { name } of await db.listCollections().toArray()) {
    for (const document of await db.collection(name).find().toArray())
      if (words.some((word) => JSON.stringify(document).includes(word))) found.push(name);
  }
  return found;
}

const statuses = async ({ id }: SeededInterview): Promise<string[]> => {
  const jobs = await db.collection('interview_queue').find({ interview_id: id }).toArray();
  return jobs.map(({ status }) => String(status)).sort();
};

const erase = (id: string) =>
  interviewsCli(['erase', id, '--yes', '--json'], { ...installation.env, AWS_REGION: 'us-east-1' });

/** What the world was told of it. */
const toldOf = (id: string): string[] =>
  [...installation.receiver.taken.values()]
    .filter(({ data }) => data['interview_id'] === id)
    .map(({ type }) => type);

test('an interview that is erased while one job is worked on and one waits leaves its tombstone alone', async () => {
  const seeded = interview(medium('video', 'labelled/h01_one_face.mp4'), medium('audio', undefined));
  await installation.seed(seeded);
  await until(async () => ((await statuses(seeded)).includes('1') ? true : undefined));

  const run = await erase(seeded.id);

  expect(run).toMatchObject({ code: 0, err: '' });
  const report = run.json<EraseReport>();
  expect(report.jobs).toBe(2);
  // By themselves: an orchestrator was there.
  expect(report.workflows.terminated).toBe(0);
  expect(report.workflows.cancelled).toBeGreaterThanOrEqual(1);
  const digest = interviewDigest(seeded.id, installation.env['INTERVIEW_ID_KEY']!);
  expect(await documentsWith(seeded.id, digest)).toEqual(['interview_erased']);
  expect(toldOf(seeded.id)).toEqual([]);
});

test('an interview that was told is erased with its results and events, and refused when it comes again', async () => {
  const seeded = interview(medium('audio', 'c05_audio_only_live.webm'));
  await installation.seed(seeded);
  await installation.told(seeded, 'interview.completed');

  const report = (await erase(seeded.id)).json<EraseReport>();

  expect(report).toMatchObject({ jobs: 1, results: 1, events: 1 });
  expect(await documentsWith(seeded.id)).toEqual([]);

  await installation.seed(seeded);
  await until(async () => ((await statuses(seeded))[0] === '2' ? true : undefined));
  const [refused] = await db.collection('interview_queue').find({ interview_id: seeded.id }).toArray();
  expect(refused).toMatchObject({ error_type: 'InterviewErased', run_id: null });

  // Nobody is told: an event would hold its id again.
  expect((await erase(seeded.id)).json<EraseReport>()).toMatchObject({ jobs: 1, results: 0, events: 0 });
  expect(toldOf(seeded.id)).toEqual(['interview.completed']);
  expect(await documentsWith(seeded.id)).toEqual([]);
});
