import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { WORKER_NODE_FLAGS } from '#vachan/workers/node-flags.js';
import { openHttpProxy, type HttpProxy } from '../../tools/chaos/http-proxy.js';
import { apiSettings, exportsProcessEnvironment } from '../../tools/demo/exports/exports-processes.js';
import { queueDepth } from '../../tools/demo/world.js';
import { startExportApi } from '../../tools/export-api/start-export-api.js';
import type { ExportsVerdict } from '../../tools/exports/complaints.js';
import { judgeExports } from '../../tools/exports/exports-verdict.js';
import { readExportsWorld, readResult } from '../../tools/exports/read-world.js';
import { addToApi, jobsMessage, sendToJobs, writeMetadata } from '../../tools/exports/seed-exports.js';
import type { SeededJob } from '../../tools/exports/seeded-job.js';
import { WireLog } from '../../tools/exports/wire-log.js';
import { awsClientOptions } from '../../tools/stack/aws.js';
import { createQueues, exportsEnvironment, type ExportsEndpoints } from '../../tools/stack/exports.js';
import { projectRoot } from '../../tools/stack/folders.js';
import { spawnGuarded } from '../../tools/stack/guarded-process.js';
import type { ExportsStack } from '../../tools/stack/start-stack.js';
import { until } from '../until.js';

const LOOK_EVERY_MS = 200;

export interface MutantWorld {
  /** The source of its jobs, and the name of all that is its own. */
  name: string;
  /** Compiled processes to run. */
  dist: string;
  jobs: readonly SeededJob[];
  folder: string;
}

/** One process does these jobs on servers that others share; what passes between it and them is seen. */
export async function verdictOf(world: MutantWorld, stack: ExportsStack): Promise<ExportsVerdict> {
  const { name, jobs } = world;
  const shared = stack.endpoints.exports;
  const folder = join(world.folder, name);
  mkdirSync(folder);
  const wire = new WireLog();
  const [ways, api, queues] = await Promise.all([
    Promise.all([shared.store, shared.sqs].map(({ endpointUrl }) => openSeenWay(endpointUrl, wire))),
    startExportApi(),
    createQueues(shared.sqs, name),
  ]);
  const endpoints: ExportsEndpoints = {
    ...{ ...shared, jobs: queues[0], tasks: queues[1] },
    ...{ outputPrefix: `${name}/out`, statePrefix: `${name}/state` },
  };
  for (const job of jobs) addToApi(job, api);
  await writeMetadata(jobs, endpoints);
  const [store, sqs] = ways.map(({ port }) => `http://127.0.0.1:${port}`) as [string, string];
  const env = exportsEnvironment({
    ...endpoints,
    ...{ store: { ...shared.store, endpointUrl: store }, sqs: { ...shared.sqs, endpointUrl: sqs } },
  });
  const started = spawnGuarded({
    ...{ name, command: process.execPath, logFile: join(folder, 'process.log'), cwd: projectRoot() },
    args: [...WORKER_NODE_FLAGS, join(world.dist, 'workers', 'main.js')],
    env: exportsProcessEnvironment(process.env, {
      ...{ ...stack.env, ...env, ...apiSettings(new Map([[name, api]]), folder) },
      ...{
        TASK_QUEUE: name,
        SERVICE_MODE: 'all',
        EXPORT_METADATA_GRACE: '0s',
        SCRATCH_PATH: join(folder, 'scratch'),
      },
    }),
  });
  try {
    for (const { ref } of jobs) await sendToJobs(endpoints, jobsMessage(name, [ref.export_id]));
    await untilEnded(jobs, endpoints, () => {
      if (started.hasExited()) throw new Error(`${name} ended: ${started.logTail()}`);
    });
    const read = await readExportsWorld(
      jobs.map(({ ref }) => ref),
      endpoints,
    );
    return judgeExports(jobs, { world: read, events: wire.events });
  } finally {
    await started.stop();
    await Promise.all([...ways.map((way) => way.close()), api.stop()]);
  }
}

/** Bodies of objects are not kept. */
async function openSeenWay(endpointUrl: string, wire: WireLog): Promise<HttpProxy> {
  const port = Number(new URL(endpointUrl).port);
  return openHttpProxy({
    portOf: () => port,
    handle: async (request, forward) => {
      const answer = await forward();
      wire.see(request, answer);
      return answer;
    },
  });
}

/** Until every job has its result, and both queues are empty; the test's own time limit ends it. */
async function untilEnded(
  jobs: readonly SeededJob[],
  endpoints: ExportsEndpoints,
  check: () => void,
): Promise<void> {
  const s3 = new S3Client({ ...awsClientOptions(endpoints.store), forcePathStyle: true });
  const sqs = new SQSClient(awsClientOptions(endpoints.sqs));
  const isEnded = async (): Promise<boolean> => {
    for (const { ref } of jobs) if ((await readResult(s3, endpoints, ref)) === undefined) return false;
    for (const { queueUrl } of [endpoints.jobs, endpoints.tasks]) {
      const { visible, in_flight: inFlight, delayed } = await queueDepth(sqs, queueUrl);
      if (visible + inFlight + delayed > 0) return false;
    }
    return true;
  };
  try {
    await until(async () => {
      check();
      return isEnded();
    }, LOOK_EVERY_MS);
  } finally {
    s3.destroy();
    sqs.destroy();
  }
}
