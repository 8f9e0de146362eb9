import { setTimeout as delay } from 'node:timers/promises';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { awsClientOptions, STACK_MAX_RECEIVE_COUNT } from '../stack/aws.js';
import type { ExportsEndpoints } from '../stack/exports.js';

/** An orchestrator starts within seconds, on a busy machine within minutes. */
const TASK_WITHIN_MS = 180_000;

/**
 * Receives the one task that is in the queue as often as it may be, as processes that died with it would have: then SQS
 * gives it up. Called before workers run, since nobody else may receive it.
 *
 * @param most receives that the queue allows
 */
export async function letTaskDie(
  { sqs, tasks }: ExportsEndpoints,
  most: number = STACK_MAX_RECEIVE_COUNT,
): Promise<void> {
  const client = new SQSClient(awsClientOptions(sqs));
  const deadline = Date.now() + TASK_WITHIN_MS;
  try {
    // The receive after the last one that is allowed moves it.
    for (let receives = 0; receives <= most;) {
      const { Messages: messages = [] } = await client.send(
        new ReceiveMessageCommand({ QueueUrl: tasks.queueUrl, VisibilityTimeout: 0, WaitTimeSeconds: 1 }),
      );
      if (messages.length > 0 || receives === most) receives += 1;
      else if (Date.now() > deadline) throw new Error('The orchestrators sent no task within three minutes');
      else await delay(100);
    }
  } finally {
    client.destroy();
  }
}
