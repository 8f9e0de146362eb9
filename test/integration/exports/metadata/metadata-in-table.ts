import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type AttributeValue,
  type BatchGetItemCommandOutput,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { createDynamoClient } from '../../../../src/pipelines/exports/metadata/dynamo-client.js';
import {
  createDynamoMetadata,
  type DynamoMetadataOptions,
} from '../../../../src/pipelines/exports/metadata/dynamo-metadata.js';
import { tableShape } from '../../../../src/pipelines/exports/metadata/table-shape.js';
import { awsClientOptions, type AwsConnection } from '../../../../tools/stack/aws.js';
import { EXPORTS_TABLE } from '../../../../tools/stack/exports.js';
import { freshName } from '../../embedded-stack.js';

/** A server may have to be installed first. */
const START_MS = 600_000;
const OPTIONS: DynamoMetadataOptions = { graceMs: 0, retry: { maxFruitless: 3, baseMs: 1, maxMs: 2 } };

/** A server that has the metadata table. */
export interface TableServer {
  connection: AwsConnection;
  stop: () => Promise<void>;
}

/**
 * What the metadata store does with a DynamoDB, whoever's it is.
 *
 * @param cuts whether the server ends the answer of a BatchGet before all of it is there
 */
export function metadataInTable(start: () => Promise<TableServer>, cuts = false): void {
  let server: TableServer;
  let client: DynamoDBClient;
  let job: { source: string; export_id: string };

  beforeAll(async () => {
    server = await start();
    client = createDynamoClient(awsClientOptions(server.connection));
  }, START_MS);
  afterAll(async () => {
    client.destroy();
    await server.stop();
  });
  beforeEach(() => {
    job = { source: 'default', export_id: freshName('e') };
  });

  const shape = tableShape({
    EXPORT_METADATA_TABLE: EXPORTS_TABLE,
    EXPORT_METADATA_KEY: 'EXPORT#<source>#<export_id>',
    EXPORT_METADATA_ATTRIBUTES: {},
  });
  const store = (options: Partial<DynamoMetadataOptions> = {}, of = client) =>
    createDynamoMetadata(of, shape, { ...OPTIONS, ...options });

  async function write(rows: Record<string, Record<string, AttributeValue>>): Promise<void> {
    const requests = Object.entries(rows).map(([name, row]) => ({
      PutRequest: { Item: { pk: { S: shape.partitionKey(job) }, sk: { S: name }, ...row } },
    }));
    for (let at = 0; at < requests.length; at += 25) {
      const RequestItems = { [shape.table]: requests.slice(at, at + 25) };
      await client.send(new BatchWriteItemCommand({ RequestItems }));
    }
  }

  /** A client whose BatchGets are seen, and answered by `change` of their answers. */
  function watched(
    change: (answer: BatchGetItemCommandOutput, asked: string[]) => BatchGetItemCommandOutput,
  ): {
    of: DynamoDBClient;
    asked: { names: string[]; consistent: boolean; fields: number }[];
  } {
    const asked: { names: string[]; consistent: boolean; fields: number }[] = [];
    const of = Object.create(client) as DynamoDBClient;
    of.send = (async (command: BatchGetItemCommand, options: object) => {
      const answer = await client.send(command, options);
      if (!(command instanceof BatchGetItemCommand)) return answer;
      const request = command.input.RequestItems![shape.table]!;
      const names = request.Keys!.map(({ sk }) => sk!.S!);
      const fields = request.ProjectionExpression!.split(',').length;
      asked.push({ names, consistent: request.ConsistentRead === true, fields });
      return change(answer, names);
    }) as DynamoDBClient['send'];
    return { of, asked };
  }

  it('finds rows by name, and none of another export', async () => {
    await write({
      'a/b.txt': { size: { N: '12' }, crc32: { S: 'cbf43926' }, target_key: { S: 'x/y' } },
      'é.bin': { size: { S: '0' }, content_type: { S: 'text/plain' } },
    });
    const found = await store().find(job, ['é.bin', 'a/b.txt', 'a/b.txt', 'none', '', 'x'.repeat(1025)]);
    expect(Object.fromEntries(found)).toEqual({
      'a/b.txt': { size: 12, crc32: 0xcbf43926, targetKey: 'x/y' },
      'é.bin': { size: 0, contentType: 'text/plain' },
    });
    expect((await store().find({ ...job, source: 'other' }, ['a/b.txt'])).size).toBe(0);
  });

  it('asks for 1,000 names in tens of a hundred, and again consistently for those not found', async () => {
    const names = Array.from({ length: 1000 }, (_, index) => `n${index}`);
    await write(Object.fromEntries(names.slice(0, 950).map((name) => [name, { size: { N: '1' } }])));
    const { of, asked } = watched((answer) => answer);
    expect((await store({}, of).find(job, names)).size).toBe(950);
    expect(asked.filter(({ consistent }) => !consistent).map(({ names: of }) => of.length)).toEqual(
      Array(10).fill(100),
    );
    expect(asked.filter(({ consistent }) => consistent)).toMatchObject([{ names: names.slice(950) }]);
  });

  it('asks again for what stays unprocessed, with its own projection, and keeps what it has', async () => {
    const names = ['a', 'b', 'c', 'd'];
    await write(Object.fromEntries(names.map((name) => [name, { size: { N: '1' }, other: { S: 'x' } }])));
    const { of, asked } = watched((answer, asking) => {
      const half = asking.slice(0, Math.floor(asking.length / 2));
      if (half.length === 0) return answer;
      return {
        ...answer,
        Responses: {
          [shape.table]: answer.Responses![shape.table]!.filter(({ sk }) => !half.includes(sk!.S!)),
        },
        // As stand-ins give them: keys alone.
        UnprocessedKeys: {
          [shape.table]: { Keys: half.map((sk) => ({ pk: { S: shape.partitionKey(job) }, sk: { S: sk } })) },
        },
      };
    });
    expect((await store({}, of).find(job, names)).size).toBe(4);
    expect(asked.map(({ names: of }) => of.length)).toEqual([4, 2, 1]);
    expect(new Set(asked.map(({ fields }) => fields))).toEqual(new Set([7]));
  });

  it('finds rows that are more than fits into an answer', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `n${index}`);
    const row = { size: { N: '1' }, content_type: { S: 'x'.repeat(40_000) } };
    await write(Object.fromEntries(names.map((name) => [name, row])));
    const { of, asked } = watched((answer) => answer);
    const found = await store({}, of).find(job, names);
    expect([...found.keys()].sort()).toEqual([...names].sort());
    expect(asked.length > 1).toBe(cuts);
    // Left out and asked for again is not the same as not found.
    expect(asked.filter(({ consistent }) => consistent)).toEqual([]);
  });

  it('gives up when nothing is processed again and again', async () => {
    const { of, asked } = watched((answer, asking) => ({
      ...answer,
      Responses: {},
      UnprocessedKeys: {
        [shape.table]: { Keys: asking.map((sk) => ({ pk: { S: shape.partitionKey(job) }, sk: { S: sk } })) },
      },
    }));
    await expect(store({}, of).find(job, ['a', 'b'])).rejects.toMatchObject({
      name: 'DependencyUnavailable',
      message: expect.stringContaining('2 keys stay unprocessed after 3 tries') as string,
    });
    expect(asked).toHaveLength(3);
  });

  it('finds rows that are written within the grace, and waits once a job for none', async () => {
    const late = store({ graceMs: 300 });
    const finding = late.find(job, ['late']);
    await write({ late: { size: { N: '1' } } });
    expect((await finding).size).toBe(1);
    const { of, asked } = watched((answer) => answer);
    const waiting = store({ graceMs: 5 }, of);
    await waiting.find(job, ['never']);
    expect(asked).toHaveLength(3);
    await waiting.find(job, ['never']);
    expect(asked).toHaveLength(5);
  });

  it('gives all names of an export, page by page', async () => {
    // Over a megabyte, where DynamoDB ends a page.
    const names = Array.from({ length: 60 }, (_, index) => `n${String(index).padStart(2, '0')}`);
    await write(
      Object.fromEntries(names.map((name) => [name, { size: { N: '1' }, note: { S: 'x'.repeat(40_000) } }])),
    );
    const read: string[] = [];
    let pages = 0;
    for await (const page of store().names(job)) {
      pages++;
      read.push(...page);
    }
    expect(read).toEqual(names);
    expect(pages).toBeGreaterThan(0);
  });

  it('says that there is no such table', async () => {
    const elsewhere = createDynamoMetadata(client, { ...shape, table: 'no-such-table' }, OPTIONS);
    for (const ask of [() => elsewhere.find(job, ['a']), () => elsewhere.ping()]) {
      await expect(ask()).rejects.toMatchObject({
        name: 'DependencyUnavailable',
        message: expect.stringContaining(
          'there is no such table here; check EXPORT_METADATA_TABLE',
        ) as string,
      });
    }
  });

  it('says of a server that is away what it could not do', async () => {
    const away = createDynamoClient({
      ...awsClientOptions(server.connection),
      endpoint: 'http://127.0.0.1:9',
      maxAttempts: 1,
    });
    await expect(createDynamoMetadata(away, shape, OPTIONS).find(job, ['a'])).rejects.toThrow(
      'DynamoDB could not read rows of table vachan-export-metadata',
    );
    away.destroy();
  });
}
