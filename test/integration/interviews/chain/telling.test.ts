import { MongoClient, ObjectId, type Collection } from 'mongodb';
import type { InterviewJob } from '#vachan/pipelines/interviews/contract/job.js';
import { interviewWorkflowId, orchestratorTaskQueue } from '#vachan/pipelines/interviews/contract/names.js';
import { tellInterview } from '#vachan/pipelines/interviews/events/tell-interview.js';
import { interviewDigest } from '#vachan/pipelines/interviews/interview-digest.js';
import type { ReceivedEvent } from '#tools/webhook-receiver/start-receiver.js';
import { failedJob, job } from '../../../unit/interviews/events/jobs.js';
import { until } from '../../../until.js';
import { freshName } from '../../embedded-stack.js';
import { createInterviewsInstallation, type InterviewsInstallation } from './interviews-installation.js';

/** The process has to start first. */
const TIMEOUT_MS = 120_000;

let installation: InterviewsInstallation;
let mongo: MongoClient;
let queue: Collection;
let orchestrator: ReturnType<InterviewsInstallation['process']>;
beforeAll(async () => {
  installation = await createInterviewsInstallation();
  const { env } = installation;
  mongo = await new MongoClient(env['MONGO_URI']!).connect();
  queue = mongo.db(env['MONGO_DB_NAME']).collection(env['INTERVIEW_QUEUE_COLLECTION'] ?? 'interview_queue');
  orchestrator = installation.process('orchestrator', {
    INTERVIEW_SETTLE_SECONDS: '1',
    WEBHOOK_RETRY_DELAYS: '1s,1s,1s',
    QUEUE_CHECK_INTERVAL: '3600',
  });
}, TIMEOUT_MS);
afterAll(async () => {
  await mongo.close();
  await installation.close();
}, TIMEOUT_MS);

/** An interview whose jobs end as a test says, without any medium. */
function anInterview() {
  const id = freshName('interview');
  const digest = interviewDigest(id, installation.env['INTERVIEW_ID_KEY']!);
  const handle = installation.client.workflow.getHandle(interviewWorkflowId(digest));
  let last = '';
  return {
    id,
    handle,
    /** Writes jobs as they are in the queue, each another one. */
    async write(...jobs: InterviewJob[]): Promise<void> {
      for (const { job_id: _none, ...written } of jobs) {
        const _id = new ObjectId();
        last = _id.toHexString();
        await queue.insertOne({ _id, ...written, interview_id: id, key: `${last}.mp4`, run_id: last });
      }
    },
    /** As the workflow of the job does that was written last, when it ends. */
    tell: () =>
      tellInterview(
        {
          client: installation.client,
          taskQueue: orchestratorTaskQueue(installation.env['TASK_QUEUE']!),
        },
        { digest, job_id: last },
      ),
    async settled(): Promise<unknown> {
      return (await handle.result()) as unknown;
    },
    taken: (): ReceivedEvent[] =>
      [...installation.receiver.taken.values()].filter(({ data }) => data['interview_id'] === id),
    deliveries: () =>
      installation.receiver.deliveries.filter(({ event }) => event?.data['interview_id'] === id),
  };
}
const numbersOf = (events: readonly ReceivedEvent[]) =>
  events.map(({ type, data }) => [type, data['revision']]).sort();

describe('an interview on the real stack', () => {
  test(
    'is told once, with a word on each failed job, whoever tells it how often',
    async () => {
      const interview = anInterview();
      await interview.write(job(1), failedJob(2));
      await Promise.all([interview.tell(), interview.tell(), interview.tell()]);
      await interview.settled();
      await interview.tell();
      await interview.settled();
      expect(numbersOf(interview.taken())).toEqual([
        ['interview.completed', 2],
        ['interview.job_failed', 1],
      ]);
      expect(interview.deliveries()).toHaveLength(2);
    },
    TIMEOUT_MS,
  );

  test(
    'waits for as many jobs as are expected, and is told again with a higher revision when one is added',
    async () => {
      const interview = anInterview();
      await interview.write(job(1, { expected_jobs: 2 }));
      await interview.tell();
      expect(await interview.settled()).toMatchObject({ stage: 'open' });
      expect(interview.taken()).toEqual([]);

      await interview.write(job(2));
      await interview.tell();
      await interview.settled();
      await interview.write(job(3));
      await interview.tell();
      await interview.settled();
      expect(interview.taken().map(({ data }) => [data['revision'], data['jobs']])).toEqual([
        [1, { total: 2, completed: 2, failed: 0, open: 0 }],
        [2, { total: 3, completed: 3, failed: 0, open: 0 }],
      ]);
    },
    TIMEOUT_MS,
  );

  test(
    'goes on under the same id when its workflow is lost while the receiver is down',
    async () => {
      const interview = anInterview();
      await interview.write(job(1));
      await installation.receiver.down();
      await interview.tell();
      const events = mongo.db(installation.env['MONGO_DB_NAME']).collection('interview_events');
      await until(async () => ((await events.findOne({ interview_id: interview.id }))?.['tries'] ?? 0) >= 1);
      await interview.handle.terminate('lost');
      await installation.receiver.up();
      await interview.tell();
      await interview.settled();
      expect(numbersOf(interview.taken())).toEqual([['interview.completed', 1]]);
      expect(await events.countDocuments({ interview_id: interview.id })).toBe(1);
    },
    TIMEOUT_MS,
  );

  test(
    'leaves neither its id nor a key in a history or a log',
    async () => {
      const interview = anInterview();
      await interview.write(failedJob(1, { key: 'a-secret-key' }));
      await interview.tell();
      await interview.settled();
      const { events } = await interview.handle.fetchHistory();
      const written = JSON.stringify(events, (_name, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : value,
      );
      expect(written).toContain('lookAtInterview');
      const logged = orchestrator.logTail();
      expect(logged).toContain('webhook_delivered');
      for (const secret of [interview.id, 'secret', '.mp4']) {
        expect(written).not.toContain(secret);
        expect(logged).not.toContain(secret);
      }
    },
    TIMEOUT_MS,
  );

  test(
    'is told to nobody any more once the receiver is gone',
    async () => {
      const interview = anInterview();
      await interview.write(job(1));
      installation.receiver.trouble({ status: 410 });
      await interview.tell();
      expect(await interview.settled()).toMatchObject({ events: { delivered: 0, undelivered: 1 } });
      const another = anInterview();
      await another.write(job(1));
      await another.tell();
      expect(await another.settled()).toMatchObject({ events: { delivered: 0, undelivered: 1 } });
      expect(another.deliveries()).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
