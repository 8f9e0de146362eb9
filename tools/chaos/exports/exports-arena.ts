import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { queueDepth } from '../../demo/world.js';
import { apiSettings } from '../../demo/exports/exports-processes.js';
import { startExportApi, type ExportApi } from '../../export-api/start-export-api.js';
import { WireLog } from '../../exports/wire-log.js';
import type { SeededJob } from '../../exports/seeded-job.js';
import { awsClientOptions } from '../../stack/aws.js';
import {
  createMetadataTable,
  createQueues,
  EXPORTS_BUCKET,
  createBucket,
  exportsEnvironment,
  type ExportsEndpoints,
} from '../../stack/exports.js';
import { orStop } from '../../stack/or-stop.js';
import { startFleet, type Fleet, type FleetMember } from '../fleet.js';
import { joinLinks, openLink, type Link } from '../link.js';
import type { BaseArenaOptions } from '../run-options.js';
import { createTemporalCalls, type TemporalCalls } from '../temporal-calls.js';
import { processEnvironment, VISIBILITY_TIMEOUT_SECONDS } from './chaos-settings.js';
import type { ExportsServers } from './exports-servers.js';
import type { ExportsSite } from './faults/site.js';
import { createGate, type Gate } from './gate.js';
import type { KillPoint } from './kill-points.js';
import { planChaosExports } from './plan-chaos-exports.js';
import { seedChaosExports, type ChaosExports } from './seed-chaos-exports.js';
import { sweepDeadLetters } from './sweep.js';
import type { Troubles } from './store-troubles.js';
import { createTaskCopies } from './task-copies.js';
import { openWays, type Ways } from './ways.js';

/** `records` are the entries of all archives together. */
export interface ExportsArenaOptions extends BaseArenaOptions {
  /** @default planned by `records` and `seed` */
  jobs?: readonly SeededJob[];
  /** Points at which a process dies beside all faults: the first one that comes by, of all requests that are made. @default none */
  armed?: readonly KillPoint[];
  orchestrators: number;
}

/** Seeded jobs, the processes that work on them, and all that looks after both. */
export interface ExportsArena {
  exports: ChaosExports;
  endpoints: ExportsEndpoints;
  taskQueue: string;
  temporal: TemporalCalls;
  fleet: Fleet;
  gate: Gate;
  wire: WireLog;
  s3: S3Client;
  apis: ReadonlyMap<string, ExportApi>;
  /** Messages of both queues that are not deleted. */
  depth: () => Promise<number>;
  /** Changes with everything that gets done. */
  progress: () => string;
  site: Omit<ExportsSite, 'killPoints'>;
  /** Ends the processes; what they have left can still be read. */
  close(): Promise<void>;
}

/** Of the links that the APIs give out: a fault ends all of them at once. */
const LINK_TTL_SECONDS = 900;

/**
 * Seeds the jobs, starts the processes and sends the first jobs.
 *
 * @throws Error when the processes cannot start; none of them is left then
 */
export async function startExportsArena(
  options: ExportsArenaOptions,
  servers: ExportsServers,
): Promise<ExportsArena> {
  const { name = 'chaos', records, seed, maxReceiveCount, folder } = options;
  const jobs = options.jobs ?? planChaosExports({ records, seed });
  const endpoints = await makeResources(servers, name, maxReceiveCount);
  const apis = new Map([
    ['default', await startExportApi({ linkTtlSeconds: LINK_TTL_SECONDS })],
    ['second', await startExportApi({ token: 'second-token', otherDownloadOrigin: true })],
  ]);
  const origins = new Map<string, Link>();
  for (const { url, downloadUrl } of apis.values())
    for (const origin of [url, downloadUrl])
      if (!origins.has(origin)) origins.set(origin, await openLink(Number(new URL(origin).port)));
  const wire = new WireLog();
  // A task that comes again when it was given up has been redriven.
  const dying = new Set(jobs.filter(({ dies }) => dies).map(({ ref }) => ref.export_id));
  const copies = createTaskCopies(endpoints, ({ export_id: id }) => !dying.has(id));
  const troubles: Troubles = { s3: undefined, sqs: undefined, dynamodb: undefined };
  const ways = new Map<string, Ways>();
  let done = 0;
  const gate = createGate({
    place: {
      ...endpoints,
      ...{ jobsQueueUrl: endpoints.jobs.queueUrl, tasksQueueUrl: endpoints.tasks.queueUrl },
    },
    roleOf: (who) => who.replace(/-\d+$/, ''),
    kill: (who) => {
      for (const one of fleet.workers()) if (one.name === who) one.signal('SIGKILL');
    },
    isolate: (who, alone) => ways.get(who)?.isolate(alone),
  });
  // Before any process is there to come by.
  for (const point of options.armed ?? []) gate.arm(point);
  const taskQueue = `vachan_${name}`;
  const member = async (role: string, number: number): Promise<FleetMember> => {
    const who = `${role}-${number}`;
    const opened = await openWays({
      ...{ who, gate, troubles },
      ports: {
        temporal: servers.links.temporal.port,
        sqs: servers.links.sqs.port,
        s3: servers.links.s3.port,
        dynamodb: servers.links.dynamodb.port,
      },
      origins: new Map([...origins].map(([origin, link]) => [origin, link.port])),
      onAws: (request, call, answer) => {
        wire.see(request, answer);
        if (call.service === 'sqs') copies.see(request, call);
        if (call.service === 's3' && call.action === 'put' && answer?.status === 200) done += 1;
      },
    });
    ways.set(who, opened);
    const own = join(folder, who);
    mkdirSync(own, { recursive: true });
    const reached = new Map(
      [...apis].map(([source, api]) => [
        source,
        { token: api.token, url: opened.originOf(api.url), downloadUrl: opened.originOf(api.downloadUrl) },
      ]),
    );
    return {
      ...{ name: who, role },
      env: processEnvironment(options.environment, {
        ...exportsEnvironment(endpoints),
        ...apiSettings(reached, own),
        ...{ AWS_ENDPOINT_URL: opened.awsEndpoint, AWS_ENDPOINT_URL_SQS: opened.awsEndpoint },
        TEMPORAL_ADDRESS: opened.temporalAddress,
        TEMPORAL_NAMESPACE: servers.endpoints().temporal.namespace,
        ...{ TASK_QUEUE: taskQueue, SERVICE_MODE: role, SCRATCH_PATH: join(own, 'scratch') },
        ...options.settings,
      }),
    };
  };
  const fleet = startFleet({ members: [], distFolder: options.distFolder, folder });
  const temporal = createTemporalCalls(() => servers.endpoints().temporal.address);
  const exports = await seedChaosExports(jobs, { apis, endpoints });
  const close = async (): Promise<void> => {
    await fleet.close();
    await Promise.all([...ways.values()].map((one) => one.close()));
    await Promise.all([...origins.values()].map((link) => link.close()));
    await Promise.all([...apis.values()].map((api) => api.stop()));
    copies.close();
  };
  const begin = async (): Promise<void> => {
    for (let number = 1; number <= options.orchestrators; number += 1)
      fleet.add(await member('orchestrator', number));
    // A task that is to be a dead letter is received by nobody else.
    if (jobs.some(({ dies }) => dies)) {
      await exports.letTasksDie(maxReceiveCount);
      await sweepDeadLetters({ temporal, taskQueue });
    }
    for (let number = 1; number <= options.workers; number += 1) fleet.add(await member('worker', number));
    await exports.send();
  };
  await orStop(Promise.race([begin(), fleet.hopeless]), close);

  const sqs = new SQSClient(awsClientOptions(endpoints.sqs));
  const s3 = new S3Client({ ...awsClientOptions(endpoints.store), forcePathStyle: true });
  return {
    ...{ exports, endpoints, taskQueue, temporal, fleet, gate, wire, s3, apis },
    depth: async () => {
      const depths = await Promise.all(
        [endpoints.jobs, endpoints.tasks].map(({ queueUrl }) => queueDepth(sqs, queueUrl)),
      );
      return depths.reduce(
        (sum, { visible, in_flight: inFlight, delayed }) => sum + visible + inFlight + delayed,
        0,
      );
    },
    progress: () => String(done),
    site: {
      ...{
        fleet,
        servers,
        gate,
        troubles,
        apis,
        exports,
        visibilityTimeoutSeconds: VISIBILITY_TIMEOUT_SECONDS,
      },
      links: { ...servers.links, api: joinLinks([...origins.values()]) },
      sendTasksAgain: (random) => copies.sendAgain(random),
    },
    close,
  };
}

/** Queues, prefixes and a table of this arena's own. */
async function makeResources(
  servers: ExportsServers,
  name: string,
  maxReceiveCount: number,
): Promise<ExportsEndpoints> {
  const { aws, store: storeEndpoint } = servers.endpoints();
  const { endpointUrl, region, accessKeyId, secretAccessKey } = aws;
  const sqs = { endpointUrl, region, accessKeyId, secretAccessKey };
  const store = { ...sqs, endpointUrl: storeEndpoint.endpointUrl };
  const table = `vachan-${name}-metadata`;
  const [[jobs, tasks]] = await Promise.all([
    createQueues(sqs, `vachan-${name}`, {
      maxReceiveCount,
      visibilityTimeoutSeconds: VISIBILITY_TIMEOUT_SECONDS,
    }),
    createBucket(store, EXPORTS_BUCKET),
    createMetadataTable(store, table),
  ]);
  return {
    ...{ store, sqs, jobs, tasks, bucket: EXPORTS_BUCKET, table },
    ...{ outputPrefix: `${name}/exports`, statePrefix: `${name}/state` },
  };
}
