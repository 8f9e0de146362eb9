import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient, type Message } from '@aws-sdk/client-sqs';
import { startExportApi, type ExportApi } from '../../../../tools/export-api/start-export-api.js';
import { zipContent } from '../../../../tools/export-api/zip/zip-content.js';
import { awsClientOptions } from '../../../../tools/stack/aws.js';
import { freshExports } from '../../embedded-stack.js';

/** An installation of exports on the run's servers: queues and prefixes of its own, and an Export API. */
export interface ExportInstallation {
  env: Record<string, string>;
  api: ExportApi;
  /** Serves an export of one archive with these entries; each has its row unless it is in `without`. */
  serve(
    exportId: string,
    entries: Readonly<Record<string, string>>,
    without?: readonly string[],
  ): Promise<void>;
  send(queue: 'jobs' | 'tasks', body: string): Promise<void>;
  /** What the queue's dead-letter queue holds, which is then hidden from others for a while. */
  deadLetters(queue: 'jobs' | 'tasks'): Promise<Message[]>;
  close(): Promise<void>;
}

/** The shortest that settings allow, so that faults of minutes show within seconds. */
const QUICK = {
  ...{ EXPORT_HEARTBEAT: '1s', EXPORT_HEARTBEAT_TIMEOUT: '6s', HEALTH_PORT: '0' },
  // Long polls end within it.
  SHUTDOWN_GRACE_SECONDS: '2',
};

export async function installExports(): Promise<ExportInstallation> {
  const [{ endpoints, env }, api] = await Promise.all([freshExports(), startExportApi()]);
  const sqs = new SQSClient(awsClientOptions(endpoints.sqs));
  const dynamo = new DynamoDBClient(awsClientOptions(endpoints.store));
  return {
    env: {
      ...env,
      ...QUICK,
      EXPORT_API_URL: api.url,
      EXPORT_API_TOKEN: api.token,
      EXPORT_PRIVATE_HOSTS: [...new Set([api.url, api.downloadUrl])]
        .map((url) => new URL(url).host)
        .join(','),
    },
    api,
    async serve(exportId, entries, without = []) {
      const content = zipContent(
        Object.entries(entries).map(([name, text]) => ({ name, data: Buffer.from(text) })),
      );
      api.add({ id: exportId, files: [{ id: 'file-1', name: 'one.zip', content }] });
      const wanted = Object.entries(entries).filter(([name]) => !without.includes(name));
      await Promise.all(
        wanted.map(([name, text]) =>
          dynamo.send(
            new PutItemCommand({
              TableName: endpoints.table,
              Item: {
                pk: { S: `EXPORT#default#${exportId}` },
                sk: { S: name },
                size: { N: String(Buffer.byteLength(text)) },
              },
            }),
          ),
        ),
      );
    },
    async send(queue, body) {
      await sqs.send(new SendMessageCommand({ QueueUrl: endpoints[queue].queueUrl, MessageBody: body }));
    },
    async deadLetters(queue) {
      const { Messages: messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: endpoints[queue].deadLetterQueueUrl,
          MaxNumberOfMessages: 10,
          WaitTimeSeconds: 1,
          MessageAttributeNames: ['All'],
        }),
      );
      return messages;
    },
    async close() {
      await api.stop();
      sqs.destroy();
      dynamo.destroy();
    },
  };
}
