import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { startAws, type AwsEndpoints } from './aws.js';
import {
  createExportsResources,
  exportsEnvironment,
  startExportsStore,
  type ExportsEndpoints,
} from './exports.js';
import type { Environment } from './folders.js';
import { createInterviewsResources, interviewsEnvironment, type InterviewsEndpoints } from './interviews.js';
import { orStop } from './or-stop.js';
import { startMongo, type MongoEndpoints } from './mongo.js';
import { startPostgres, type PostgresEndpoints } from './postgres.js';
import type { PartOptions } from './stack-part.js';
import { startTogether } from './start-together.js';
import { startTemporal, type TemporalEndpoints } from './temporal-server.js';
import type { Log } from './install-methods.js';

export const STACK_SOURCE_COLLECTION = 'student_assessment_record';

export interface StackOptions {
  /** Start Postgres too, and name it as the source in `env`. Default: no. */
  postgres?: boolean;
  /** Start Temporal. Default: yes. */
  temporal?: boolean;
  /** Start what exports need, too. Default: no. */
  exports?: boolean;
  /** Temporal on 7233 and its Web UI on 8233 where these are free. Default: on any free ports. */
  usualPorts?: boolean;
  /** For data and logs; made if missing. Data of an earlier stack in it is used again. */
  folder: string;
  /** Decides which parts are somebody else's servers (`TEMPORAL_ADDRESS`, …). Default: the process's environment. */
  environment?: Environment;
  log?: Log;
}

export interface StackEndpoints {
  temporal: TemporalEndpoints | undefined;
  aws: AwsEndpoints;
  mongo: MongoEndpoints;
  postgres: PostgresEndpoints | undefined;
  exports: ExportsEndpoints | undefined;
}

export interface Stack {
  endpoints: StackEndpoints;
  /** How each part was come by, for people. */
  how: Record<string, string>;
  /** What a worker or command of recordings needs in its environment to use this stack. */
  env: Record<string, string>;
  /** The same of exports; empty without them. */
  exportsEnv: Record<string, string>;
  /** Ends every server that was started. Any number of calls. */
  stop: () => Promise<void>;
}

/**
 * Starts the stack's parts side by side and waits until all answer. When one fails the others are ended first.
 *
 * @throws NoMethodWorks, or an Error with the tail of the log of the server that did not start
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const part = partOptions(options);
  const { folder } = part;
  const { parts, how, stop } = await startTogether({
    temporal: options.temporal === false ? undefined : () => startTemporal(part),
    aws: () => startAws(part),
    mongo: () => startMongo(part),
    postgres: options.postgres === true ? () => startPostgres(part) : undefined,
    exports: options.exports === true ? () => startExportsStore(part) : undefined,
  });
  const { temporal, aws, mongo, postgres, exports: store } = parts;
  const exports = store && (await orStop(createExportsResources(aws.endpoints, store.endpoints), stop));
  const endpoints: StackEndpoints = {
    temporal: temporal?.endpoints,
    aws: aws.endpoints,
    mongo: mongo.endpoints,
    postgres: postgres?.endpoints,
    exports,
  };
  return {
    ...{ endpoints, how, stop },
    env: stackEnvironment(endpoints, folder),
    exportsEnv:
      exports === undefined
        ? {}
        : { ...temporalEnvironment(temporal?.endpoints), ...exportsEnvironment(exports) },
  };
}

export interface ExportsStack {
  endpoints: { temporal: TemporalEndpoints; exports: ExportsEndpoints };
  how: Record<string, string>;
  /** What a process or command of exports needs in its environment to use this stack. */
  env: Record<string, string>;
  /** Ends every server that was started. Any number of calls. */
  stop: () => Promise<void>;
}

/** The servers that exports alone need, in the same way. */
export async function startExportsStack(
  options: Pick<StackOptions, 'folder' | 'usualPorts' | 'environment' | 'log'>,
): Promise<ExportsStack> {
  const part = partOptions(options);
  const { parts, how, stop } = await startTogether({
    temporal: () => startTemporal(part),
    aws: () => startAws(part),
    exports: () => startExportsStore(part),
  });
  const temporal = parts.temporal.endpoints;
  const exports = await orStop(createExportsResources(parts.aws.endpoints, parts.exports.endpoints), stop);
  return {
    endpoints: { temporal, exports },
    env: { ...temporalEnvironment(temporal), ...exportsEnvironment(exports) },
    ...{ how, stop },
  };
}

export interface InterviewsStack {
  endpoints: { temporal: TemporalEndpoints; interviews: InterviewsEndpoints };
  how: Record<string, string>;
  /** What a process or command of interviews needs in its environment to use this stack. */
  env: Record<string, string>;
  /** Ends every server that was started. Any number of calls. */
  stop: () => Promise<void>;
}

/** The servers that interviews need: Temporal, SQS and S3, MongoDB. */
export async function startInterviewsStack(
  options: Pick<StackOptions, 'folder' | 'usualPorts' | 'environment' | 'log'>,
): Promise<InterviewsStack> {
  const part = partOptions(options);
  const { parts, how, stop } = await startTogether({
    temporal: () => startTemporal(part),
    aws: () => startAws(part),
    mongo: () => startMongo({ ...part, changeStreams: true }),
  });
  const temporal = parts.temporal.endpoints;
  const resources = createInterviewsResources(parts.aws.endpoints, parts.mongo.endpoints);
  const interviews = await orStop(resources, stop);
  return {
    endpoints: { temporal, interviews },
    env: { ...temporalEnvironment(temporal), ...interviewsEnvironment(interviews) },
    ...{ how, stop },
  };
}

function partOptions(options: StackOptions): PartOptions {
  const folder = resolve(options.folder);
  mkdirSync(join(folder, 'output'), { recursive: true });
  return {
    folder,
    environment: options.environment ?? process.env,
    log: options.log ?? (() => undefined),
    usualPorts: options.usualPorts,
  };
}

function temporalEnvironment(temporal: TemporalEndpoints | undefined): Record<string, string> {
  if (temporal === undefined) return {};
  return { TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace };
}

/** The settings under which a worker uses this stack. */
export function stackEnvironment(endpoints: StackEndpoints, folder: string): Record<string, string> {
  const { temporal, aws, mongo, postgres } = endpoints;
  return {
    ...temporalEnvironment(temporal),
    AWS_ENDPOINT_URL: aws.endpointUrl,
    AWS_REGION: aws.region,
    AWS_ACCESS_KEY_ID: aws.accessKeyId,
    AWS_SECRET_ACCESS_KEY: aws.secretAccessKey,
    SQS_QUEUE_URL: aws.queueUrl,
    MONGO_URI: mongo.uri,
    MONGO_DB_NAME: mongo.database,
    MONGO_SOURCE_COLLECTION: STACK_SOURCE_COLLECTION,
    DISCOVERY_SOURCE_TYPE: postgres === undefined ? 'mongo' : 'postgres',
    ...(postgres === undefined
      ? {}
      : {
          POSTGRES_DSN: postgres.dsn,
          POSTGRES_SCHEMA: postgres.schema,
          POSTGRES_TABLE: postgres.table,
        }),
    CSV_OUTPUT_PATH: join(folder, 'output', 'results.csv'),
    // A person watches: a failed recording is tried again in seconds, and counts here are exact at once.
    SQS_RETRY_DELAY_SECONDS: '2',
    QUEUE_EMPTY_CONFIRM_SECONDS: '5',
  };
}
