import type { SQSClient } from '@aws-sdk/client-sqs';
import type { SqsSender } from '../../../../src/queue/sqs-calls.js';
import { createSqsQueue } from '../../../../src/queue/sqs-queue.js';
import { describeMessageQueue } from '../../../unit/shared/queue/message-queue-contract.js';
import { freshQueue, sqsClient } from '../../embedded-stack.js';

let client: SQSClient;
beforeAll(() => {
  client = sqsClient();
});
afterAll(() => client.destroy());

describeMessageQueue('a queue on SQS', async () => {
  const { queueUrl } = await freshQueue({ visibilityTimeoutSeconds: 600, maxReceiveCount: 10 });
  let away = false;
  const send = (...call: unknown[]): Promise<unknown> =>
    away
      ? Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }))
      : (client.send as (...call: unknown[]) => Promise<unknown>).apply(client, call);
  return {
    queue: createSqsQueue({ client: { send: send as SqsSender['send'] }, url: queueUrl }),
    setOutage: (now) => {
      away = now;
    },
  };
});
