import type { SqsSender } from '../../../../src/queue/sqs-calls.js';

export interface SqsCall {
  /** The command's class name without `Command`. */
  action: string;
  input: Record<string, unknown> & {
    Entries?: {
      Id: string;
      MessageBody?: string;
      MessageAttributes?: unknown;
      MessageGroupId?: string;
      ReceiptHandle?: string;
    }[];
  };
  signal: AbortSignal | undefined;
}

/** A client whose every answer the test decides; calls are recorded in order. */
export function fakeSqs(answer: (call: SqsCall, index: number) => unknown): {
  client: SqsSender;
  calls: SqsCall[];
} {
  const calls: SqsCall[] = [];
  const send = async (command: object, options?: { abortSignal?: AbortSignal }): Promise<unknown> => {
    const call: SqsCall = {
      action: command.constructor.name.replace(/Command$/, ''),
      input: (command as { input: SqsCall['input'] }).input,
      signal: options?.abortSignal,
    };
    calls.push(call);
    await Promise.resolve();
    const given = answer(call, calls.length - 1);
    if (given instanceof Error) throw given;
    return await given;
  };
  return { client: { send: send as SqsSender['send'] }, calls };
}

/** What the SDK throws. */
export function vendorError(name: string, status = 400): Error {
  return Object.assign(new Error(`vendor says ${name}`), { name, $metadata: { httpStatusCode: status } });
}

export const QUEUE_URL = 'https://sqs.ap-south-1.amazonaws.com/123456789012/vachan-jobs';
