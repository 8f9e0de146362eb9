import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SqsSender } from '../../../../src/queue/sqs-calls.js';

/**
 * A client that withholds every third message from SQS on its first try, as a throttled batch does, and counts how
 * often each message was passed.
 */
export function throttlingClient(client: SQSClient): { client: SqsSender; handedOver: Map<string, number> } {
  const handedOver = new Map<string, number>();
  const send = async (command: unknown, options: unknown): Promise<unknown> => {
    const pass = client.send.bind(client) as unknown as (
      command: unknown,
      options: unknown,
    ) => Promise<unknown>;
    if (!(command instanceof SendMessageBatchCommand)) return await pass(command, options);
    const entries = command.input.Entries!;
    const withheld = entries.filter((entry) => {
      const body = entry.MessageBody!;
      const times = (handedOver.get(body) ?? 0) + 1;
      handedOver.set(body, times);
      return times === 1 && Number(entry.Id) % 3 === 0;
    });
    const passed = entries.filter((entry) => !withheld.includes(entry));
    const answer =
      passed.length === 0
        ? { Failed: [] }
        : ((await pass(new SendMessageBatchCommand({ ...command.input, Entries: passed }), options)) as {
            Failed?: unknown[];
          });
    const refusals = withheld.map(({ Id }) => ({ Id, Code: 'ThrottlingException', SenderFault: true }));
    return { ...answer, Failed: [...(answer.Failed ?? []), ...refusals] };
  };
  return { client: { send: send }, handedOver };
}
