import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { awsClientOptions } from '../../stack/aws.js';
import type { ExportsEndpoints } from '../../stack/exports.js';
import type { SeenRequest } from '../http-proxy.js';
import type { Random } from '../random.js';
import type { Call } from './aws-call.js';

/** The latest download tasks that were sent, so that some can be delivered once more, as SQS may do. */
export interface TaskCopies {
  see(request: SeenRequest, call: Extract<Call, { service: 'sqs' }>): void;
  /** Resolves to how many were sent. */
  sendAgain(random: Random): Promise<number>;
  close(): void;
}

const KEPT = 40;
const SENT_AGAIN = 5;

/** @param isKept says of which jobs */
export function createTaskCopies(
  { sqs, tasks }: ExportsEndpoints,
  isKept: (job: { source: string; export_id: string }) => boolean,
): TaskCopies {
  const client = new SQSClient(awsClientOptions(sqs));
  const bodies: string[] = [];
  return {
    see({ body }, { action, queueUrl }) {
      if (!action.startsWith('SendMessage') || !tasks.queueUrl.endsWith(queueUrl.replace(/^.*\//, '/')))
        return;
      const { Entries: entries = [] } = JSON.parse(body.toString()) as {
        Entries?: { MessageBody: string }[];
      };
      const texts = entries.map(({ MessageBody: text }) => text);
      bodies.push(
        ...texts.filter((text) => isKept(JSON.parse(text) as { source: string; export_id: string })),
      );
      bodies.splice(0, bodies.length - KEPT);
    },
    async sendAgain(random) {
      const again = random.shuffled(bodies).slice(0, SENT_AGAIN);
      for (const body of again)
        await client.send(new SendMessageCommand({ QueueUrl: tasks.queueUrl, MessageBody: body }));
      return again.length;
    },
    close: () => client.destroy(),
  };
}
