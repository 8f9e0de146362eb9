import { crc32 } from 'node:zlib';
import {
  GetObjectCommand,
  ListMultipartUploadsCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { JobRef } from '#vachan/pipelines/exports/contract/job-ref.js';
import type {
  ExportResult,
  ManifestRow,
  MissingRow,
  RejectRow,
} from '#vachan/pipelines/exports/contract/result.js';
import { jobKeys, type JobKeys } from '#vachan/pipelines/exports/state/keys.js';
import type { QueueDepth } from '#vachan/contract/backlog.js';
import { awsClientOptions } from '../stack/aws.js';
import type { ExportsEndpoints } from '../stack/exports.js';
import { queueDepth, readDeadLetters } from '../demo/world.js';

const READS_AT_ONCE = 16;
/** Keys of the state that go with the work. */
const PASSING = /^_spool\/|\/uploads\//;

/** An object as it was read, byte for byte. */
export interface FoundObject {
  size: number;
  crc32: string;
}

export interface FoundJob {
  result: ExportResult | undefined;
  manifest: ManifestRow[];
  rejects: RejectRow[];
  missing: MissingRow[];
}

/** What is there when all has ended. */
export interface ExportsWorld {
  at: Pick<ExportsEndpoints, 'bucket' | 'outputPrefix' | 'statePrefix'>;
  /** Below the output prefix, by their keys without it. */
  objects: Map<string, FoundObject>;
  jobOf: (ref: JobRef) => FoundJob;
  /** Keys of uploads that nobody completed or aborted. */
  openUploads: string[];
  /** Keys below the state prefix, without it, that should last no longer than their work: spooled files and records of uploads. */
  leftInState: string[];
  queues: { jobs: QueueDepth; tasks: QueueDepth };
  deadLetters: { jobs: string[]; tasks: string[] };
}

/** Reads all of it, without the product's own code but for the names of keys. */
export async function readExportsWorld(
  refs: readonly JobRef[],
  endpoints: ExportsEndpoints,
): Promise<ExportsWorld> {
  const { store, sqs, bucket, outputPrefix, statePrefix, jobs, tasks } = endpoints;
  const s3 = new S3Client({ ...awsClientOptions(store), forcePathStyle: true });
  const queues = new SQSClient(awsClientOptions(sqs));
  try {
    const found = new Map<string, FoundJob>();
    for (const ref of refs) found.set(nameOf(ref), await readJob(s3, endpoints, ref));
    const { Uploads: uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    const state = await keysBelow(s3, bucket, `${statePrefix}/`);
    return {
      at: endpoints,
      objects: await readObjects(s3, endpoints),
      leftInState: state.filter((key) => PASSING.test(key)),
      jobOf: (ref) => found.get(nameOf(ref))!,
      // Nobody else's, where the bucket is shared.
      openUploads: uploads
        .map(({ Key: key = '' }) => key)
        .filter((key) => [outputPrefix, statePrefix].some((prefix) => key.startsWith(`${prefix}/`))),
      queues: {
        jobs: await queueDepth(queues, jobs.queueUrl),
        tasks: await queueDepth(queues, tasks.queueUrl),
      },
      deadLetters: {
        jobs: await readDeadLetters(queues, jobs.deadLetterQueueUrl),
        tasks: await readDeadLetters(queues, tasks.deadLetterQueueUrl),
      },
    };
  } finally {
    s3.destroy();
    queues.destroy();
  }
}

const nameOf = ({ source, export_id: id }: JobRef): string => `${source} ${id}`;

/** The result of a job; undefined while it has none. */
export async function readResult(
  s3: S3Client,
  at: StateFolder,
  ref: JobRef,
): Promise<ExportResult | undefined> {
  const bytes = await readObject(s3, at.bucket, keysOf(at, ref).result());
  return bytes === undefined ? undefined : (JSON.parse(bytes.toString()) as ExportResult);
}

async function readJob(s3: S3Client, at: StateFolder, ref: JobRef): Promise<FoundJob> {
  const keys = keysOf(at, ref);
  const { bucket } = at;
  return {
    result: await readResult(s3, at, ref),
    manifest: await readRows<ManifestRow>(s3, bucket, keys.manifest()),
    rejects: await readRows<RejectRow>(s3, bucket, keys.rejects()),
    missing: await readRows<MissingRow>(s3, bucket, keys.missing()),
  };
}

type StateFolder = Pick<ExportsEndpoints, 'bucket' | 'statePrefix'>;

const keysOf = ({ bucket, statePrefix: prefix }: StateFolder, ref: JobRef): JobKeys =>
  jobKeys({ bucket, prefix }, ref);

async function readRows<Row>(s3: S3Client, bucket: string, key: string): Promise<Row[]> {
  const text = (await readObject(s3, bucket, key))?.toString() ?? '';
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
}

async function readObject(s3: S3Client, bucket: string, key: string): Promise<Buffer | undefined> {
  try {
    const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return Buffer.from((await body?.transformToByteArray()) ?? []);
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
    throw error;
  }
}

/** All keys below a prefix, without it. */
async function keysBelow(s3: S3Client, bucket: string, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix }))
    keys.push(...(page.Contents ?? []).map(({ Key: key = '' }) => key.slice(prefix.length)));
  return keys;
}

async function readObjects(
  s3: S3Client,
  { bucket, outputPrefix }: ExportsEndpoints,
): Promise<ExportsWorld['objects']> {
  const prefix = `${outputPrefix}/`;
  const keys = await keysBelow(s3, bucket, prefix);
  const objects: ExportsWorld['objects'] = new Map();
  const next = keys[Symbol.iterator]();
  await Promise.all(
    Array.from({ length: READS_AT_ONCE }, async () => {
      for (const key of next) {
        const bytes = (await readObject(s3, bucket, `${prefix}${key}`)) ?? Buffer.alloc(0);
        objects.set(key, {
          size: bytes.length,
          crc32: hexadecimal(crc32(bytes)),
        });
      }
    }),
  );
  return objects;
}

export const hexadecimal = (checksum: number): string => checksum.toString(16).padStart(8, '0');
