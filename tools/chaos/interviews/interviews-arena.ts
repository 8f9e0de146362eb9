import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { newWebhookSecret, tellingSettings } from '../../demo/interviews/interviews-processes.js';
import {
  createInterviewsResources,
  interviewsEnvironment,
  type InterviewsEndpoints,
} from '../../stack/interviews.js';
import { orStop } from '../../stack/or-stop.js';
import { startReceiver, type WebhookReceiver } from '../../webhook-receiver/start-receiver.js';
import { startFleet, type Fleet, type FleetMember } from '../fleet.js';
import { createGate, type Gate } from '../gate.js';
import { openLink } from '../link.js';
import type { BaseArenaOptions } from '../run-options.js';
import { createTemporalCalls, type TemporalCalls } from '../temporal-calls.js';
import { processEnvironment } from './chaos-settings.js';
import { createCourse, type ChaosCourse } from './chaos-course.js';
import type { InterviewsSite } from './faults/site.js';
import type { InterviewsServers } from './interviews-servers.js';
import { KILL_POINTS, type Call, type KillPoint } from './kill-points.js';
import { planChaosInterviews, type ChaosInterview } from './plan-chaos-interviews.js';
import type { Troubles } from './store-troubles.js';
import { openWays, type Ways } from './ways.js';

/** `records` are the jobs of all interviews together. */
export interface InterviewsArenaOptions extends BaseArenaOptions {
  /** @default planned by `records` and `seed` */
  interviews?: readonly ChaosInterview[];
  /** Points at which a process dies beside all faults: the first one that comes by. @default none */
  armed?: readonly KillPoint[];
  orchestrators: number;
}

/** Seeded interviews, the processes that work on them, and all that looks after both. */
export interface InterviewsArena {
  interviews: readonly ChaosInterview[];
  course: ChaosCourse;
  endpoints: () => InterviewsEndpoints;
  taskQueue: string;
  temporal: TemporalCalls;
  fleet: Fleet;
  gate: Gate<KillPoint, Call>;
  receiver: WebhookReceiver;
  site: Omit<InterviewsSite, 'killPoints'>;
  /** Ends the processes; what they have left can still be read. */
  close(): Promise<void>;
}

/**
 * Starts the processes; interviews are added by the course.
 *
 * @throws Error when the processes cannot start; none of them is left then
 */
export async function startInterviewsArena(
  options: InterviewsArenaOptions,
  servers: InterviewsServers,
): Promise<InterviewsArena> {
  const { name = 'chaos', records, seed, folder } = options;
  const interviews = options.interviews ?? planChaosInterviews({ records, seed });
  const taskQueue = `vachan_${name}`;
  const { aws, mongo: ownMongo } = servers.endpoints();
  const made = await createInterviewsResources(
    aws,
    { ...ownMongo, database: name },
    { bucket: `vachan-${name}`, queue: `vachan-${name}` },
  );
  // A restarted server has another port.
  const endpoints = (): InterviewsEndpoints => ({
    ...made,
    mongo: { uri: servers.endpoints().mongo.uri, database: name },
  });
  const secret = newWebhookSecret();
  const receiver = await startReceiver({ secrets: [secret] });
  const receiverLink = await openLink(Number(new URL(receiver.url).port));
  const keys = tellingSettings({ url: receiver.url, secret });
  const troubles: Troubles = { s3: undefined };
  const ways = new Map<string, Ways>();
  const gate = createGate<KillPoint, Call>({
    rules: KILL_POINTS,
    roleOf: (who) => who.replace(/-\d+$/, ''),
    kill: (who) => {
      for (const one of fleet.workers()) if (one.name === who) one.signal('SIGKILL');
    },
    isolate: () => undefined,
  });
  // Before any process is there to come by.
  for (const point of options.armed ?? []) gate.arm(point);

  const member = async (role: string, number: number): Promise<FleetMember> => {
    const who = `${role}-${number}`;
    const { temporal, mongo } = servers.links;
    const opened = await openWays({
      ...{ who, gate, troubles },
      ports: {
        temporal: temporal.port,
        aws: servers.links.aws.port,
        mongo: mongo.port,
        receiver: receiverLink.port,
      },
    });
    ways.set(who, opened);
    const own = join(folder, who);
    mkdirSync(own, { recursive: true });
    const url = new URL(receiver.url);
    url.port = String(opened.receiverPort);
    return {
      ...{ name: who, role },
      env: processEnvironment(options.environment, {
        ...interviewsEnvironment(endpoints()),
        ...keys,
        ...{ WEBHOOK_URL: url.href, WEBHOOK_PRIVATE_HOSTS: url.host },
        AWS_ENDPOINT_URL: opened.awsEndpoint,
        MONGO_URI: `mongodb://127.0.0.1:${opened.mongoPort}/?directConnection=true`,
        TEMPORAL_ADDRESS: opened.temporalAddress,
        TEMPORAL_NAMESPACE: servers.endpoints().temporal.namespace,
        ...{ TASK_QUEUE: taskQueue, SERVICE_MODE: role, SCRATCH_PATH: join(own, 'scratch') },
        ...options.settings,
      }),
    };
  };
  const fleet = startFleet({ members: [], distFolder: options.distFolder, folder });
  const temporal = createTemporalCalls(() => servers.endpoints().temporal.address);
  const course = createCourse(interviews, {
    ...{ endpoints, receiver, temporal },
    idKey: interviewsEnvironment(made)['INTERVIEW_ID_KEY']!,
    eraseEnv: () => ({
      ...interviewsEnvironment(endpoints()),
      ...keys,
      TEMPORAL_ADDRESS: servers.endpoints().temporal.address,
      TEMPORAL_NAMESPACE: servers.endpoints().temporal.namespace,
      ...{ TASK_QUEUE: taskQueue, PIPELINES: 'interviews' },
    }),
  });
  const close = async (): Promise<void> => {
    await fleet.close();
    await Promise.all([...ways.values()].map((one) => one.close()));
    await receiverLink.close();
    await receiver.stop();
    course.close();
  };
  const begin = async (): Promise<void> => {
    for (let number = 1; number <= options.orchestrators; number += 1)
      fleet.add(await member('orchestrator', number));
    for (let number = 1; number <= options.workers; number += 1) fleet.add(await member('worker', number));
  };
  await orStop(Promise.race([begin(), fleet.hopeless]), close);
  return {
    ...{ interviews, course, endpoints, taskQueue, temporal, fleet, gate, receiver, close },
    site: {
      ...{ fleet, servers, gate, troubles, receiver, course, ways },
      visibilityTimeoutSeconds: 10,
      links: { ...servers.links, receiver: receiverLink },
    },
  };
}
