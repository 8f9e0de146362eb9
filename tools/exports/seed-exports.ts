import { BatchWriteItemCommand, DynamoDBClient, type WriteRequest } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { awsClientOptions } from '../stack/aws.js';
import type { ExportsEndpoints } from '../stack/exports.js';
import type { ExportApi } from '../export-api/start-export-api.js';
import { sizeOf, type SeededJob } from './seeded-job.js';

/** DynamoDB takes so many a call. */
const ROWS_A_CALL = 25;
const CALLS_AT_ONCE = 8;
const IDS_A_MESSAGE = 5;

/** Tells a job's API what it has, and what it does wrong. */
export function addToApi(job: SeededJob, api: ExportApi): void {
  const { ref, files, api: spec, faults, relistsAfterPages: pages } = job;
  if (spec === undefined) return;
  api.add({
    ...{ id: ref.export_id, ...spec },
    files: files.map(({ id, name, content, ranges, servedAtFirst }) => ({
      ...{ id, name, content: servedAtFirst ?? content },
      ...(ranges && { ranges }),
      ...(servedAtFirst && { size: content.size }),
    })),
  });
  for (const rule of faults) api.fault({ ...rule, exportId: ref.export_id });
  if (pages !== undefined)
    api.fault({
      ...{ on: 'files', exportId: ref.export_id, skip: pages },
      fault: { status: 410, code: 'cursor_expired' },
      onHit: () => api.catalogue.relist(ref.export_id, (listed) => [...listed].reverse()),
    });
}

/** Writes what the table says of all jobs: a row for each name, the last one of a name. */
export async function writeMetadata(
  jobs: readonly SeededJob[],
  { store, table }: ExportsEndpoints,
): Promise<void> {
  const rows = jobs.flatMap((job) => {
    const told = new Map<string, { size: number; targetKey?: string | undefined }>(
      job.missing.map((name) => [name, { size: 1 }]),
    );
    for (const entry of job.files.flatMap(({ entries }) => entries)) {
      const { name, metadataSize: size = sizeOf(entry), targetKey } = entry;
      if (size !== null) told.set(name, { size, targetKey });
    }
    const pk = `EXPORT#${job.ref.source}#${job.ref.export_id}`;
    return [...told].map(([name, { size, targetKey }]): WriteRequest => ({
      PutRequest: {
        Item: {
          ...{ pk: { S: pk }, sk: { S: name }, size: { N: String(size) } },
          ...(targetKey !== undefined && { target_key: { S: targetKey } }),
        },
      },
    }));
  });
  const dynamo = new DynamoDBClient(awsClientOptions(store));
  try {
    const calls = Array.from({ length: Math.ceil(rows.length / ROWS_A_CALL) }, (_, call) =>
      rows.slice(call * ROWS_A_CALL, (call + 1) * ROWS_A_CALL),
    );
    for (let at = 0; at < calls.length; at += CALLS_AT_ONCE)
      await Promise.all(
        calls
          .slice(at, at + CALLS_AT_ONCE)
          .map((requests) => dynamo.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }))),
      );
  } finally {
    dynamo.destroy();
  }
}

/** What is no message: it must end in the dead letters, with its reason. */
export const MALFORMED = '{"version": 9, "export_ids": []}';

/** Sends one message. */
export async function sendToJobs({ sqs, jobs: queue }: ExportsEndpoints, body: string): Promise<void> {
  const client = new SQSClient(awsClientOptions(sqs));
  try {
    await client.send(new SendMessageCommand({ QueueUrl: queue.queueUrl, MessageBody: body }));
  } finally {
    client.destroy();
  }
}

/** Sends the jobs: several in a message, some of them twice, and one message that is none. */
export async function sendJobs(jobs: readonly SeededJob[], endpoints: ExportsEndpoints): Promise<void> {
  for (const source of new Set(jobs.map(({ ref }) => ref.source))) {
    const ids = jobs.filter(({ ref }) => ref.source === source).map(({ ref }) => ref.export_id);
    for (let at = 0; at < ids.length; at += IDS_A_MESSAGE)
      await sendToJobs(endpoints, jobsMessage(source, ids.slice(at, at + IDS_A_MESSAGE)));
  }
  for (const { ref } of jobs.filter(({ isSentTwice }) => isSentTwice))
    await sendToJobs(endpoints, jobsMessage(ref.source, [ref.export_id]));
  await sendToJobs(endpoints, MALFORMED);
}

export function jobsMessage(
  source: string,
  exportIds: readonly string[],
  more: { force?: boolean } = {},
): string {
  return JSON.stringify({
    version: 1,
    source,
    export_ids: exportIds,
    correlation_id: `seeded-${exportIds[0]}`.slice(0, 60).replace(/[^\w-]/g, '-'),
    ...more,
  });
}
