import type { S3Client } from '@aws-sdk/client-s3';
import { createByteBudget, type ByteBudget } from '#vachan/platform/byte-budget.js';
import { createExportState, type ExportState } from '#vachan/pipelines/exports/state/job-state.js';
import { createUploader } from '#vachan/pipelines/exports/upload/create-uploader.js';
import { createPartBuffers } from '#vachan/pipelines/exports/upload/part-buffers.js';
import { sweepOrphans, type OrphanSweep } from '#vachan/pipelines/exports/upload/sweep-orphans.js';
import type { OutputOptions } from '#vachan/pipelines/exports/upload/upload-options.js';
import { createUploadRecords } from '#vachan/pipelines/exports/upload/upload-records.js';
import type { Uploader } from '#vachan/pipelines/exports/upload/uploader.js';
import type { ObjectStore } from '#vachan/objects/data-path/object-store.js';
import type { RequestsOptions } from '#vachan/objects/data-path/requests.js';
import { freshName } from '../../embedded-stack.js';
import { startFaultyProxy, type FaultyProxy } from './faulty-proxy.js';
import { createBucket, sdkClientOf, storeOf, type ObjectServer } from './object-server.js';

const MIB = 1024 * 1024;

/** Uploads with a bucket of their own, whose data path goes through a proxy. */
export interface Installation {
  bucket: string;
  sdk: S3Client;
  proxy: FaultyProxy;
  store: ObjectStore;
  state: ExportState;
  budget: ByteBudget;
  uploader: Uploader;
  with(options: Partial<OutputOptions>): Uploader;
  sweep(options: Pick<OrphanSweep, 'isRunning' | 'now'>): Promise<number>;
  /** What the store has of uploads, and what of records. */
  leftovers(): Promise<{ uploads: string[]; records: string[] }>;
  /** Requests that wrote parts, by number. */
  partsSent(): number[];
  close(): Promise<void>;
}

export async function startInstallation(
  server: ObjectServer,
  options: Partial<RequestsOptions> = {},
): Promise<Installation> {
  const sdk = sdkClientOf(server);
  const bucket = await createBucket(sdk, freshName('uploads'));
  const proxy = await startFaultyProxy(server.endpointUrl);
  const store = storeOf({ ...server, endpointUrl: proxy.endpointUrl }, options);
  const state = createExportState(sdk, { bucket, prefix: 'state' });
  const records = createUploadRecords(state.objects, state.prefix);
  const output: OutputOptions = { bucket, prefix: 'out', keyTaken: 'reject' };
  const budget = createByteBudget(40 * MIB);
  const dependencies = { store, records, output, budget, buffers: createPartBuffers() };
  return {
    bucket,
    sdk,
    proxy,
    store,
    state,
    budget,
    uploader: createUploader(dependencies),
    with: (options) => createUploader({ ...dependencies, output: { ...output, ...options } }),
    sweep: (options) =>
      sweepOrphans({ store, records, output, objects: state.objects, statePrefix: state.prefix, ...options }),
    leftovers: async () => {
      const uploads: string[] = [];
      for await (const { key } of store.listUploads(bucket, '')) uploads.push(key);
      const keys: string[] = [];
      for await (const key of state.objects.keys('state/')) keys.push(key);
      return { uploads, records: keys };
    },
    partsSent: () =>
      proxy.seen.flatMap(({ method, url }) => {
        const number = /partNumber=(\d+)/.exec(url)?.[1];
        return method === 'PUT' && number !== undefined ? [Number(number)] : [];
      }),
    close: async () => {
      store.close();
      sdk.destroy();
      await proxy.stop();
      await server.stop();
    },
  };
}
