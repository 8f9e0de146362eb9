import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startAws } from '../../stack/aws.js';
import type { Environment } from '../../stack/folders.js';
import { startMongo } from '../../stack/mongo.js';
import type { StackPart } from '../../stack/stack-part.js';
import { stackEnvironment, type StackEndpoints } from '../../stack/start-stack.js';
import { startTemporal } from '../../stack/temporal-server.js';
import { openAwsProxy, type AwsProxy } from './aws-proxy.js';
import { openLink, type Link } from '../link.js';
import { openMongoProxy, type MongoProxy } from './mongo-proxy.js';

/** The embedded servers, each behind a link, with the means to kill and restart those that keep their data. */
export interface Servers {
  /** As the harness reaches them: directly, and where they are now. */
  endpoints(): StackEndpoints;
  readonly links: Readonly<Record<Dependency, Link>>;
  /** Behind the links; they answer wrongly when told to. */
  readonly awsProxy: AwsProxy;
  readonly mongoProxy: MongoProxy;
  /** What a worker needs to reach them: through the links. */
  readonly workerEnv: Readonly<Record<string, string>>;
  /** SIGKILL, then a new process on the same data. */
  killAndRestart(server: 'temporal' | 'mongo', downMs: number): Promise<void>;
  stop(): Promise<void>;
}

export const DEPENDENCIES = ['temporal', 'aws', 'mongo'] as const;
export type Dependency = (typeof DEPENDENCIES)[number];

/** Starts servers of our own, whatever the environment names: chaos must not reach somebody else's. */
export async function startServers(folder: string, inherited: Environment): Promise<Servers> {
  mkdirSync(join(folder, 'output'), { recursive: true });
  const environment = Object.fromEntries(
    Object.entries(inherited).filter(([name]) => !/^(AWS_|TEMPORAL_|MONGO_)/.test(name)),
  );
  const part = { folder, environment, log: () => undefined };
  const start = { temporal: () => startTemporal(part), mongo: () => startMongo(part) };
  const [firstTemporal, aws, firstMongo] = await Promise.all([
    start.temporal(),
    startAws(part),
    start.mongo(),
  ]);
  const running = { temporal: firstTemporal, mongo: firstMongo };

  const endpoints = (): StackEndpoints => ({
    temporal: running.temporal.endpoints,
    aws: aws.endpoints,
    mongo: running.mongo.endpoints,
    postgres: undefined,
    exports: undefined,
  });
  const ports = {
    temporal: (): number => portOf(`tcp://${running.temporal.endpoints.address}`),
    aws: () => portOf(aws.endpoints.endpointUrl),
    mongo: () => portOf(running.mongo.endpoints.uri),
  };
  const awsProxy = await openAwsProxy(ports.aws());
  const mongoProxy = await openMongoProxy(ports.mongo);
  const links = {
    temporal: await openLink(ports.temporal()),
    aws: await openLink(awsProxy.port),
    mongo: await openLink(mongoProxy.port),
  };
  const direct = endpoints();
  const workerEnv = stackEnvironment(
    {
      ...direct,
      temporal: { ...running.temporal.endpoints, address: `127.0.0.1:${links.temporal.port}` },
      aws: { ...direct.aws, endpointUrl: `http://127.0.0.1:${links.aws.port}` },
      mongo: {
        ...direct.mongo,
        uri: direct.mongo.uri.replace(String(ports.mongo()), String(links.mongo.port)),
      },
    },
    folder,
  );

  return {
    endpoints,
    links,
    workerEnv,
    awsProxy,
    mongoProxy,
    async killAndRestart(server, downMs) {
      const before: StackPart<unknown> = running[server];
      if (before.groupId === undefined) throw new Error(`${server} is not ours to kill`);
      links[server].cut();
      process.kill(-before.groupId, 'SIGKILL');
      await before.stop();
      await new Promise((resolve) => setTimeout(resolve, downMs));
      if (server === 'mongo') running.mongo = await start.mongo();
      else {
        running.temporal = await start.temporal();
        links.temporal.leadTo(ports.temporal());
      }
      links[server].heal();
    },
    async stop() {
      await Promise.all(Object.values(links).map((link) => link.close()));
      await Promise.all([awsProxy.close(), mongoProxy.close()]);
      await Promise.all([running.temporal.stop(), aws.stop(), running.mongo.stop()]);
    },
  };
}

const portOf = (address: string): number => Number(new URL(address).port);
