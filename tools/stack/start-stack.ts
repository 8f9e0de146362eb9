import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { startAws, type AwsEndpoints } from './aws.js';
import type { Environment } from './folders.js';
import { startMongo, type MongoEndpoints } from './mongo.js';
import { startPostgres, type PostgresEndpoints } from './postgres.js';
import type { PartOptions, StackPart } from './stack-part.js';
import { startTemporal, type TemporalEndpoints } from './temporal-server.js';
import type { Log } from './install-methods.js';

export const STACK_SOURCE_COLLECTION = 'student_assessment_record';

export interface StackOptions {
  /** Start Postgres too, and name it as the source in `env`. Default: no. */
  postgres?: boolean;
  /** Start Temporal. Default: yes. */
  temporal?: boolean;
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
}

export interface Stack {
  endpoints: StackEndpoints;
  /** How each part was come by, for people. */
  how: Record<string, string>;
  /** What a worker or command needs in its environment to use this stack. */
  env: Record<string, string>;
  /** Ends every server that was started. Any number of calls. */
  stop: () => Promise<void>;
}

/**
 * Starts the stack's parts side by side and waits until all answer. When one fails the others are ended first.
 *
 * @throws NoMethodWorks, or an Error with the tail of the log of the server that did not start
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const folder = resolve(options.folder);
  mkdirSync(join(folder, 'output'), { recursive: true });
  const part: PartOptions = {
    folder,
    environment: options.environment ?? process.env,
    log: options.log ?? (() => undefined),
    usualPorts: options.usualPorts,
  };
  const started: StackPart<unknown>[] = [];
  const keep = async <E>(starting: Promise<StackPart<E>>): Promise<StackPart<E>> => {
    const value = await starting;
    started.push(value);
    return value;
  };
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> =>
    (stopping ??= Promise.all(started.map((one) => one.stop())).then(() => undefined));

  const absent = Promise.resolve(undefined);
  const starting = [
    options.temporal === false ? absent : keep(startTemporal(part)),
    keep(startAws(part)),
    keep(startMongo(part)),
    options.postgres === true ? keep(startPostgres(part)) : absent,
  ] as const;
  const [temporal, aws, mongo, postgres] = await Promise.all(starting).catch(async (error: unknown) => {
    // The others may still be starting, and would be left behind.
    await Promise.allSettled(starting);
    await stop();
    throw error;
  });
  const endpoints: StackEndpoints = {
    temporal: temporal?.endpoints,
    aws: aws.endpoints,
    mongo: mongo.endpoints,
    postgres: postgres?.endpoints,
  };
  const how = Object.fromEntries(
    Object.entries({ temporal, aws, mongo, postgres }).flatMap(([name, one]) =>
      one === undefined ? [] : [[name, one.how]],
    ),
  );
  return { endpoints, how, env: stackEnvironment(endpoints, folder), stop };
}

/** The settings under which a worker uses this stack. */
export function stackEnvironment(endpoints: StackEndpoints, folder: string): Record<string, string> {
  const { temporal, aws, mongo, postgres } = endpoints;
  return {
    ...(temporal === undefined
      ? {}
      : { TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace }),
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
