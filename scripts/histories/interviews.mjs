import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
const { startInterviewsDemo } = require('#tools/demo/interviews/run-interviews.js');
const { MongoClient } = require('mongodb');

/** Interviews of which no two are alike to a workflow: what their media show is not its matter. */
const KINDS = ['iv-turns', 'iv-late', 'iv-cut'];
/** Videos of seconds in several chunks, as large ones are. */
const CHUNKED = {
  CHUNKED_FILE_SIZE_THRESHOLD_MB: '0',
  STREAMING_CHUNK_SIZE_MB: '1',
  INTERVIEW_CHUNK_LEAST: '4s',
};

export const startInterviews = (folder, log) =>
  startInterviewsDemo({
    ...{ only: KINDS, largeMegabytes: 0, folder, environment: process.env, log, settings: CHUNKED },
    reportPath: join(folder, 'report.html'),
  });

/** Runs what a demo does not: both ways to cancel, an input that is refused, the sweep. */
export async function runOtherInterviews(client, env) {
  const taskQueue = `${env.TASK_QUEUE}-interviews`;
  const ended = (handle) => handle.result().catch(() => undefined);
  const refused = await client.workflow.start('interviewJobWorkflow', {
    taskQueue,
    workflowId: 'refused',
    args: [{ job_id: 'f'.repeat(24) }],
  });
  await ended(refused);
  const [signalled, cancelled] = await waitingJobs(client, env, 2);
  await signalled.signal('cancel');
  await cancelled.cancel();
  await Promise.all([ended(signalled), ended(cancelled)]);
  await client.schedule.getHandle(`${taskQueue}-sweep`).trigger();
  await until(async () => {
    const query = 'WorkflowType="interviewSweepWorkflow" AND ExecutionStatus="Completed"';
    return (await client.workflow.count(query)).count > 0;
  });
}

/** Jobs whose objects never come, once their workflows look for them. */
async function waitingJobs(client, env, count) {
  const handles = await insert(
    client,
    env,
    Array.from({ length: count }, (_, n) => ({ interview_id: 'iv-cancelled', key: `never-${n}.mp4` })),
  );
  for (const handle of handles) {
    await until(async () => {
      const found = await handle.describe().catch(() => undefined);
      return found?.raw.pendingActivities?.some(({ attempt }) => attempt > 1) === true;
    });
  }
  return handles;
}

async function insert(client, env, jobs) {
  const mongo = new MongoClient(env.MONGO_URI);
  try {
    const queue = mongo.db(env.MONGO_DB_NAME).collection('interview_queue');
    const { insertedIds } = await queue.insertMany(
      jobs.map((job) => ({
        ...{ interview_type: 'video', bucket: env.INTERVIEW_BUCKETS, status: '0', data_process: '0' },
        ...job,
      })),
    );
    return Object.values(insertedIds).map((id) =>
      client.workflow.getHandle(`interview-job:${id.toHexString()}`),
    );
  } finally {
    await mongo.close();
  }
}

async function until(look) {
  while (!(await look())) await new Promise((resolve) => setTimeout(resolve, 200));
}
