import { Client, Connection } from '@temporalio/client';
import { orchestratorTaskQueue } from '#vachan/pipelines/exports/contract/names.js';
import type { ExportApi } from '../../export-api/start-export-api.js';
import { startExportApi } from '../../export-api/start-export-api.js';
import type { Environment } from '../../stack/folders.js';
import { startExportsStack, type ExportsStack } from '../../stack/start-stack.js';
import { exportsDifferences } from '../../exports/exports-verdict.js';
import { createFleet } from '../fleet.js';
import { apiSettings, exportsProcessEnvironment } from './exports-processes.js';
import { summarize, type ExportsSummary } from './exports-report.js';
import { followJobs } from './follow-jobs.js';
import { letTaskDie } from '../../exports/let-task-die.js';
import { DEAD_JOB, planExports } from './plan-exports.js';
import { readExportsWorld } from '../../exports/read-world.js';
import {
  addToApi,
  jobsMessage,
  MALFORMED,
  sendJobs,
  sendToJobs,
  writeMetadata,
} from '../../exports/seed-exports.js';
import type { SeededJob } from '../../exports/seeded-job.js';

/** Enough that links end in the middle of nothing by themselves. */
const LINK_TTL_SECONDS = 900;
const PROCESSES = { orchestrator: 2, worker: 2 } as const;

export interface ExportsDemoOptions {
  /** Files of the job of small files. */
  smallFiles: number;
  /** Kinds of jobs; default: all. */
  only?: readonly string[] | undefined;
  /** Servers' data and logs. */
  folder: string;
  environment: Environment;
  log: (line: string) => void;
}

export interface RunningExportsDemo {
  stack: ExportsStack;
  /** What the processes run with, and so a command that wants to look at the same things. */
  env: Record<string, string>;
  /** Seeds, runs to the end, and checks. */
  run: () => Promise<ExportsSummary>;
  /** Ends the processes, then the servers. Any number of calls. */
  stop: () => Promise<void>;
}

/** Starts servers and processes; nothing is seeded yet. */
export async function startExportsDemo(options: ExportsDemoOptions): Promise<RunningExportsDemo> {
  const startedAtMs = Date.now();
  const { folder, environment, log } = options;
  const stack = await startExportsStack({ folder, environment, log });
  const apis = new Map<string, ExportApi>([
    ['default', await startExportApi({ linkTtlSeconds: LINK_TTL_SECONDS })],
    ['second', await startExportApi({ token: 'second-token', otherDownloadOrigin: true })],
  ]);
  const env = { ...stack.env, ...apiSettings(apis, folder), TASK_QUEUE: `vachan_demo_${startedAtMs}` };
  const fleet = createFleet(exportsProcessEnvironment(environment, env), folder);
  const start = (role: 'orchestrator' | 'worker'): void => {
    for (let number = 1; number <= PROCESSES[role]; number += 1) fleet.start(role, `${role}-${number}`);
  };
  start('orchestrator');
  const connection = await Connection.connect({ address: stack.endpoints.temporal.address });
  const client = new Client({ connection, namespace: stack.endpoints.temporal.namespace });

  const run = async (): Promise<ExportsSummary> => {
    const jobs = planExports(options).filter(({ kind }) => options.only?.includes(kind) !== false);
    for (const job of jobs) addToApi(job, apis.get(job.ref.source)!);
    await writeMetadata(jobs, stack.endpoints.exports);
    log(`Seeded ${jobs.length} jobs: ${kindsOf(jobs)}`);
    const dead = jobs.filter(({ dies }) => dies);
    if (dead.length > 0) {
      await sendToJobs(stack.endpoints.exports, jobsMessage('default', [DEAD_JOB]));
      await letTaskDie(stack.endpoints.exports);
      log('A task was received three times and never settled: SQS has moved it to the dead letters');
    }
    start('worker');
    const sentAtMs = Date.now();
    await sendJobs(
      jobs.filter((one) => !dead.includes(one)),
      stack.endpoints.exports,
    );
    // Every five minutes by itself.
    if (dead.length > 0) await client.schedule.getHandle(deadLetterSweep(env.TASK_QUEUE)).trigger();
    await followJobs(jobs, {
      client,
      api: apis.get('default')!,
      fleet,
      endpoints: stack.endpoints.exports,
      log,
    });
    const runSeconds = (Date.now() - sentAtMs) / 1000;
    const refs = jobs.map(({ ref }) => ref);
    const world = await readExportsWorld(refs, stack.endpoints.exports);
    const differences = exportsDifferences(jobs, { world, malformed: [MALFORMED] });
    return summarize(jobs, world, {
      counts: [...apis.values()].map((api) => api.log.counts()),
      wallSeconds: (Date.now() - startedAtMs) / 1000,
      ...{ runSeconds, differences, endpoints: endpointsOf(stack, apis) },
    });
  };
  return {
    ...{ stack, env, run },
    stop: async () => {
      await connection.close();
      await fleet.stop();
      await Promise.all([...apis.values()].map((api) => api.stop()));
      await stack.stop();
    },
  };
}

/** The schedule's name, as docs/operations.md has it. */
const deadLetterSweep = (taskQueue: string): string =>
  `${orchestratorTaskQueue(taskQueue)}-sweep-dead-letters`;

function kindsOf(jobs: readonly SeededJob[]): string {
  return [...new Set(jobs.map(({ kind }) => kind))].map((kind) => kind.replaceAll('_', ' ')).join(', ');
}

function endpointsOf(
  { endpoints }: ExportsStack,
  apis: ReadonlyMap<string, ExportApi>,
): Record<string, string> {
  const { temporal, exports } = endpoints;
  return {
    ...(temporal.uiUrl !== undefined && { temporal_ui: temporal.uiUrl }),
    s3: exports.store.endpointUrl,
    bucket: exports.bucket,
    jobs_queue: exports.jobs.queueUrl,
    tasks_queue: exports.tasks.queueUrl,
    ...Object.fromEntries([...apis].map(([source, { url }]) => [`api_${source}`, url])),
  };
}
