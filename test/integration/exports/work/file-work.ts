import { crc32 } from 'node:zlib';
import { BatchWriteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { connectS3 } from '#vachan/objects/s3-client.js';
import { createByteBudget } from '#vachan/platform/byte-budget.js';
import { BASE_SETTINGS } from '#vachan/platform/config/base-settings.js';
import { loadSettings } from '#vachan/platform/config/load-settings.js';
import { archiveLimits } from '#vachan/pipelines/exports/archive/limits-from-settings.js';
import type { EntryRow } from '#vachan/pipelines/exports/contract/fragment.js';
import { createLinks } from '#vachan/pipelines/exports/export-api/link/create-links.js';
import { createExportSources } from '#vachan/pipelines/exports/export-api/sources.js';
import { createMetadataStore } from '#vachan/pipelines/exports/metadata/create-metadata-store.js';
import { createDynamoClient } from '#vachan/pipelines/exports/metadata/dynamo-client.js';
import { EXPORTS_SETTINGS } from '#vachan/pipelines/exports/settings/index.js';
import { createExportState } from '#vachan/pipelines/exports/state/job-state.js';
import { connectUploads } from '#vachan/pipelines/exports/upload/connect-uploads.js';
import { objectKey } from '#vachan/pipelines/exports/work/object-key.js';
import { createFileWork, type SettledFile } from '#vachan/pipelines/exports/work/settle-file.js';
import { contentOfBuffer } from '#tools/export-api/content.js';
import { startExportApi, type ExportApi } from '#tools/export-api/start-export-api.js';
import { freshExports } from '../../embedded-stack.js';

export let api: ExportApi;
let s3: S3Client;
/** Works on one file of an export, on real servers. */
export let settle: (
  exportId: string,
  file: { id: string; name: string; size?: number },
) => Promise<SettledFile>;
let folder: { bucket: string; prefix: string };
const closing: (() => void)[] = [];
let dynamo: DynamoDBClient;
let table: string;

export interface Row {
  name: string;
  size: number;
  crc32?: number;
}

/** Starts what the tests of a file need, once, and ends it. */
export function useFileWork(): void {
  beforeAll(start);
  afterAll(async () => {
    for (const close of closing) close();
    await api.stop();
  });
}

async function start(): Promise<void> {
  api = await startExportApi();
  const { env } = await freshExports();
  // The SDK's own chain looks for credentials and endpoints there.
  for (const [name, value] of Object.entries(env)) if (name.startsWith('AWS_')) process.env[name] = value;
  const settings = loadSettings(
    {
      ...env,
      EXPORT_API_URL: api.url,
      EXPORT_API_TOKEN: api.token,
      EXPORT_PRIVATE_HOSTS: new URL(api.url).host,
    },
    BASE_SETTINGS,
    EXPORTS_SETTINGS,
  );
  folder = settings.EXPORT_OUTPUT_PREFIX;
  s3 = connectS3(settings);
  const metadataStore = createMetadataStore(settings);
  dynamo = createDynamoClient({ region: settings.AWS_REGION });
  table = settings.EXPORT_METADATA_TABLE;
  const budget = createByteBudget(settings.EXPORT_BUFFER_BYTES);
  const sources = createExportSources(settings);
  const links = createLinks(settings, sources, () => undefined);
  const uploads = connectUploads(settings, {
    s3,
    state: createExportState(s3, settings.EXPORT_STATE_PREFIX),
    budget,
  });
  closing.push(
    ...[links, sources, uploads, metadataStore].map((each) => () => each.close()),
    ...[s3, dynamo].map((client) => () => client.destroy()),
  );
  const work = createFileWork({
    open: (job, file, signal) => links.open(job, file, signal),
    metadata: metadataStore,
    keyOf: (job, name, targetKey) => objectKey(folder, job, name, targetKey),
    uploader: uploads.uploader,
    budget,
    limits: archiveLimits(settings),
  });
  settle = (exportId, { id, name, size }) =>
    work(
      { source: 'default', export_id: exportId },
      { ordinal: 0, file_id: id, name, ...(size !== undefined && { size }) },
      { signal: new AbortController().signal, shouldYield: () => false, onProgress: () => undefined },
    );
}

/** Serves one archive as an export of its own, whose metadata has these rows. */
export async function serve(
  exportId: string,
  archive: Buffer,
  rows: readonly Row[],
): Promise<{ id: string; name: string }> {
  const file = { id: 'f', name: `${exportId}.zip` };
  api.add({ id: exportId, files: [{ ...file, content: contentOfBuffer(archive) }] });
  const puts = rows.map(({ name, size, crc32: crc }) => ({
    PutRequest: {
      Item: {
        pk: { S: `EXPORT#default#${exportId}` },
        sk: { S: name },
        size: { N: String(size) },
        ...(crc !== undefined && { crc32: { S: crc.toString(16).padStart(8, '0') } }),
      },
    },
  }));
  for (let at = 0; at < puts.length; at += 25) {
    await dynamo.send(new BatchWriteItemCommand({ RequestItems: { [table]: puts.slice(at, at + 25) } }));
  }
  return file;
}

export function rowsOf(entries: readonly { name: string; content: Buffer }[]): Row[] {
  return entries.map(({ name, content }) => ({ name, size: content.length, crc32: crc32(content) }));
}

export async function keysOf(exportId: string): Promise<string[]> {
  const prefix = `${folder.prefix}/default/${exportId}/`;
  const { Contents = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket: folder.bucket, Prefix: prefix }),
  );
  return Contents.map(({ Key }) => Key!.slice(prefix.length)).sort();
}

export async function objectOf(exportId: string, name: string): Promise<Buffer> {
  const { Body } = await s3.send(
    new GetObjectCommand({ Bucket: folder.bucket, Key: `${folder.prefix}/default/${exportId}/${name}` }),
  );
  return Buffer.from(await Body!.transformToByteArray());
}

export const rejected = (rows: Iterable<EntryRow>): string[] =>
  [...rows].flatMap((row) => (row.outcome === 'rejected' ? [row.reason] : []));
