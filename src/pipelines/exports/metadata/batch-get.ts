import { BatchGetItemCommand, type AttributeValue, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DependencyUnavailable } from '../../../platform/errors.js';
import { fullJitterMs } from '../../../platform/time/backoff.js';
import { wait } from '../../../platform/time/wait.js';
import { onDynamo } from './dynamo-errors.js';
import type { TableShape } from './table-shape.js';

/** DynamoDB's limit of one BatchGetItem. */
export const KEYS_A_BATCH = 100;

export interface BatchGet {
  partitionKey: string;
  /** At most 100, no two the same. */
  names: readonly string[];
  consistent: boolean;
}

export interface RetryOptions {
  /** Tries in a row that bring no row and leave no key fewer. */
  maxFruitless: number;
  baseMs: number;
  maxMs: number;
}

/**
 * The rows of these names, by name. What the service leaves out (`UnprocessedKeys`) is asked for again, and what it gave is kept.
 *
 * @throws DependencyUnavailable
 */
export async function batchGet(
  client: DynamoDBClient,
  { table, attributes }: TableShape,
  { partitionKey, names, consistent }: BatchGet,
  retry: RetryOptions,
  signal: AbortSignal | undefined,
): Promise<Map<string, Record<string, AttributeValue>>> {
  const { pk, ...wanted } = attributes;
  const fields = Object.values(wanted);
  // Always ours: stand-ins, and proxies before the service, give keys back without it.
  const projection = {
    ProjectionExpression: fields.map((_, index) => `#f${index}`).join(', '),
    ExpressionAttributeNames: Object.fromEntries(fields.map((field, index) => [`#f${index}`, field])),
    ConsistentRead: consistent,
  };
  const rows = new Map<string, Record<string, AttributeValue>>();
  let left = names;
  for (let fruitless = 0; left.length > 0;) {
    const Keys = left.map((name) => ({ [pk]: { S: partitionKey }, [attributes.sk]: { S: name } }));
    const answer = await onDynamo({ table, operation: 'read rows of', signal }, () =>
      client.send(
        new BatchGetItemCommand({ RequestItems: { [table]: { Keys, ...projection } } }),
        signal === undefined ? {} : { abortSignal: signal },
      ),
    );
    for (const row of answer.Responses?.[table] ?? []) {
      const name = row[attributes.sk]?.S;
      if (name !== undefined) rows.set(name, row);
    }
    const before = left.length;
    left = (answer.UnprocessedKeys?.[table]?.Keys ?? []).flatMap((key) => key[attributes.sk]?.S ?? []);
    if (left.length === 0) break;
    fruitless = left.length < before ? 0 : fruitless + 1;
    if (fruitless >= retry.maxFruitless) {
      throw new DependencyUnavailable(
        `DynamoDB could not read rows of table ${table}: ${left.length} keys stay unprocessed after ${fruitless} tries; the table's capacity may be used up`,
      );
    }
    await wait(fullJitterMs(fruitless, retry), signal);
  }
  return rows;
}
