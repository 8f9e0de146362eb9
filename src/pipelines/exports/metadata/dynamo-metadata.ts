import { DescribeTableCommand, QueryCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import pLimit from 'p-limit';
import { RecentMap } from '../../../platform/recent-map.js';
import { wait } from '../../../platform/time/wait.js';
import { jobWorkflowId, type JobRef } from '../contract/job-ref.js';
import { batchGet, KEYS_A_BATCH, type RetryOptions } from './batch-get.js';
import { onDynamo } from './dynamo-errors.js';
import { readRow } from './metadata-row.js';
import type { EntryMetadata, MetadataStore } from './metadata-store.js';
import type { TableShape } from './table-shape.js';

export interface DynamoMetadataOptions {
  /** How long rows may come after the archive that they describe. */
  graceMs: number;
  /** Replaced in tests. */
  retry?: RetryOptions;
}

/** Of one question: more would throttle a table of on-demand capacity that has been quiet. */
const BATCHES_IN_FLIGHT = 4;
/** With full jitter some ten seconds in all, before the activity's own retry. */
const RETRY: RetryOptions = { maxFruitless: 10, baseMs: 50, maxMs: 5_000 };
/** DynamoDB's limit of a sort key: no row can have a longer name. */
const MAX_SORT_KEY_BYTES = 1024;
/** Jobs whose rows did not come within the grace; more than a process works on at one time. */
const REMEMBERED_JOBS = 1_000;

/** The metadata in a DynamoDB table. */
export function createDynamoMetadata(
  client: DynamoDBClient,
  shape: TableShape,
  { graceMs, retry = RETRY }: DynamoMetadataOptions,
): MetadataStore {
  const { table, attributes } = shape;
  const waitedInVain = new RecentMap<true>(REMEMBERED_JOBS);

  const readInto = async (
    found: Map<string, EntryMetadata>,
    job: JobRef,
    names: readonly string[],
    consistent: boolean,
    signal: AbortSignal | undefined,
  ): Promise<void> => {
    const partitionKey = shape.partitionKey(job);
    const limit = pLimit(BATCHES_IN_FLIGHT);
    const batches = chunks(names, KEYS_A_BATCH);
    await limit.map(batches, async (batch) => {
      const rows = await batchGet(client, shape, { partitionKey, names: batch, consistent }, retry, signal);
      for (const [name, row] of rows) found.set(name, readRow(row, shape));
    });
  };

  return {
    async find(job, names, signal) {
      const possible = [...new Set(names)].filter(
        (name) => name !== '' && Buffer.byteLength(name) <= MAX_SORT_KEY_BYTES,
      );
      const found = new Map<string, EntryMetadata>();
      const missing = (): string[] => possible.filter((name) => !found.has(name));
      await readInto(found, job, possible, false, signal);
      // An eventually consistent read may not have them yet.
      if (missing().length > 0) await readInto(found, job, missing(), true, signal);
      const id = jobWorkflowId(job);
      if (missing().length === 0 || graceMs === 0 || waitedInVain.has(id)) return found;
      const before = found.size;
      await wait(graceMs, signal);
      await readInto(found, job, missing(), true, signal);
      // Rows that are not written at all are waited for once a job, not once a thousand entries.
      if (found.size === before) waitedInVain.set(id, true);
      return found;
    },
    async *names(job, signal) {
      let from: Record<string, never> | undefined;
      do {
        const page = await onDynamo({ table, operation: 'query', signal }, () =>
          client.send(
            new QueryCommand({
              TableName: table,
              KeyConditionExpression: '#pk = :pk',
              ProjectionExpression: '#sk',
              ExpressionAttributeNames: { '#pk': attributes.pk, '#sk': attributes.sk },
              ExpressionAttributeValues: { ':pk': { S: shape.partitionKey(job) } },
              // What says that entries are missing must not itself miss a row.
              ConsistentRead: true,
              ...(from !== undefined && { ExclusiveStartKey: from }),
            }),
            signal === undefined ? {} : { abortSignal: signal },
          ),
        );
        const names = (page.Items ?? []).flatMap((row) => row[attributes.sk]?.S ?? []);
        if (names.length > 0) yield names;
        from = page.LastEvaluatedKey as Record<string, never> | undefined;
      } while (from !== undefined);
    },
    async ping() {
      await onDynamo({ table, operation: 'describe' }, () =>
        client.send(new DescribeTableCommand({ TableName: table })),
      );
    },
    close: () => client.destroy(),
  };
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let at = 0; at < items.length; at += size) parts.push(items.slice(at, at + size));
  return parts;
}
