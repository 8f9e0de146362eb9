import { startAws, type AwsEndpoints } from '../../stack/aws.js';
import type { Environment } from '../../stack/folders.js';
import { startMongo, type MongoEndpoints } from '../../stack/mongo.js';
import { startTogether } from '../../stack/start-together.js';
import { startTemporal, type TemporalEndpoints } from '../../stack/temporal-server.js';
import { openLink, type Link } from '../link.js';

export const SERVER_LINKS = ['temporal', 'aws', 'mongo'] as const;
export type ServerLink = (typeof SERVER_LINKS)[number];

/** The embedded servers that interviews need, each behind a link; two of them can be killed and started again on their data. */
export interface InterviewsServers {
  /** As the harness reaches them: directly, and where they are now. */
  endpoints(): { temporal: TemporalEndpoints; aws: AwsEndpoints; mongo: MongoEndpoints };
  readonly links: Readonly<Record<ServerLink, Link>>;
  /** SIGKILL, then a new process on the same data. */
  killAndRestart(server: 'temporal' | 'mongo', downMs: number): Promise<void>;
  stop(): Promise<void>;
}

/** Starts servers of our own, whatever the environment names: chaos must not reach somebody else's. */
export async function startInterviewsServers(
  folder: string,
  inherited: Environment,
): Promise<InterviewsServers> {
  const environment = Object.fromEntries(
    Object.entries(inherited).filter(([name]) => !/^(AWS_|TEMPORAL_|MONGO_)/.test(name)),
  );
  const part = { folder, environment, log: () => undefined };
  const start = {
    temporal: () => startTemporal(part),
    mongo: () => startMongo({ ...part, changeStreams: true }),
  };
  const { parts, stop } = await startTogether({ ...start, aws: () => startAws(part) });
  const running = { temporal: parts.temporal, mongo: parts.mongo };
  const ports = {
    temporal: () => portOf(`tcp://${running.temporal.endpoints.address}`),
    mongo: () => portOf(running.mongo.endpoints.uri),
  };
  const links = {
    temporal: await openLink(ports.temporal()),
    aws: await openLink(portOf(parts.aws.endpoints.endpointUrl)),
    mongo: await openLink(ports.mongo()),
  };
  return {
    endpoints: () => ({
      temporal: running.temporal.endpoints,
      aws: parts.aws.endpoints,
      mongo: running.mongo.endpoints,
    }),
    links,
    async killAndRestart(server, downMs) {
      const { groupId, stop: end } = running[server];
      if (groupId === undefined) throw new Error(`${server} is not ours to kill`);
      links[server].cut();
      process.kill(-groupId, 'SIGKILL');
      await end();
      await new Promise((resolve) => setTimeout(resolve, downMs));
      if (server === 'mongo') running.mongo = await start.mongo();
      else running.temporal = await start.temporal();
      links[server].leadTo(ports[server]());
      links[server].heal();
    },
    async stop() {
      await Promise.all(Object.values(links).map((link) => link.close()));
      await Promise.all([running.temporal.stop(), running.mongo.stop(), stop()]);
    },
  };
}

const portOf = (address: string): number => Number(new URL(address).port);
