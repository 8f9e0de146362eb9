import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { Client, Connection } from '@temporalio/client';
import type { JobRef } from '#vachan/pipelines/exports/contract/job-ref.js';
import type { ExportResult } from '#vachan/pipelines/exports/contract/result.js';
import type { QueueDepth } from '#vachan/contract/backlog.js';
import { WORKER_NODE_FLAGS } from '#vachan/workers/node-flags.js';
import { apiSettings, exportsProcessEnvironment } from '#tools/demo/exports/exports-processes.js';
import { queueDepth } from '#tools/demo/world.js';
import { readExportsWorld, readResult, type ExportsWorld } from '#tools/exports/read-world.js';
import { addToApi, jobsMessage, sendToJobs, writeMetadata } from '#tools/exports/seed-exports.js';
import type { SeededJob } from '#tools/exports/seeded-job.js';
import { startExportApi, type ExportApi } from '#tools/export-api/start-export-api.js';
import { awsClientOptions } from '#tools/stack/aws.js';
import type { ExportsEndpoints } from '#tools/stack/exports.js';
import { projectRoot } from '#tools/stack/folders.js';
import { spawnGuarded, type GuardedProcess } from '#tools/stack/guarded-process.js';
import { freshExports, freshFolder, sqsClient, temporalEndpoints } from '../../embedded-stack.js';
import { until } from '../../../until.js';

/** Queues, prefixes, an Export API and processes that nothing else uses. */
export interface ExportsInstallation {
  api: ExportApi;
  env: Readonly<Record<string, string>>;
  endpoints: ExportsEndpoints;
  client: Client;
  process: (mode: 'all' | 'orchestrator' | 'worker', env?: Record<string, string>) => GuardedProcess;
  /** What the API has and the table says; nothing is sent. */
  seed: (job: SeededJob) => Promise<void>;
  start: (job: SeededJob) => Promise<void>;
  sendTask: (body: object) => Promise<void>;
  /** What the queue of tasks holds. */
  tasksDepth: () => Promise<QueueDepth>;
  /** Once it has ended. */
  result: (ref: JobRef) => Promise<ExportResult>;
  world: (refs: readonly JobRef[]) => Promise<ExportsWorld>;
  close: () => Promise<void>;
}

export async function createExportsInstallation(): Promise<ExportsInstallation> {
  const { endpoints, env: stackEnv } = await freshExports();
  const folder = freshFolder();
  const api = await startExportApi();
  const env = { ...stackEnv, ...apiSettings(new Map([['default', api]]), folder) };
  const { address, namespace } = temporalEndpoints();
  const connection = await Connection.connect({ address });
  const s3 = new S3Client({ ...awsClientOptions(endpoints.store), forcePathStyle: true });
  const sqs = sqsClient();
  const processes: GuardedProcess[] = [];
  const seed = async (job: SeededJob): Promise<void> => {
    addToApi(job, api);
    await writeMetadata([job], endpoints);
  };
  return {
    ...{ api, env, endpoints, seed, client: new Client({ connection, namespace }) },
    process(mode, changes = {}) {
      const started = spawnGuarded({
        name: `exports, ${mode}`,
        command: process.execPath,
        args: [...WORKER_NODE_FLAGS, join(projectRoot(), 'dist', 'workers', 'main.js')],
        logFile: join(folder, `${mode}-${processes.length}.log`),
        env: { ...exportsProcessEnvironment(process.env, env), ...changes, SERVICE_MODE: mode },
        cwd: projectRoot(),
      });
      processes.push(started);
      return started;
    },
    async start(job) {
      await seed(job);
      await sendToJobs(endpoints, jobsMessage(job.ref.source, [job.ref.export_id]));
    },
    async sendTask(body) {
      await sqs.send(
        new SendMessageCommand({ QueueUrl: endpoints.tasks.queueUrl, MessageBody: JSON.stringify(body) }),
      );
    },
    tasksDepth: () => queueDepth(sqs, endpoints.tasks.queueUrl),
    result: (ref) =>
      until(async () => {
        const [dead] = processes.filter(
          (one) => one.hasExited() && !one.logTail().includes('worker_stopped'),
        );
        if (dead !== undefined && processes.every((one) => one.hasExited())) throw new Error(dead.logTail());
        return readResult(s3, endpoints, ref);
      }),
    world: (refs) => readExportsWorld(refs, endpoints),
    async close() {
      await Promise.all(processes.map((one) => one.stop()));
      await connection.close();
      await api.stop();
      s3.destroy();
      sqs.destroy();
    },
  };
}
