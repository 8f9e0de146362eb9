import { type SqsCall } from './fake-sqs.js';

/** Messages to send: `x0`, `x1`, … with deduplication ids `d0`, `d1`, …. */
export const messages = (count: number, body = 'x') =>
  Array.from({ length: count }, (_, index) => ({ body: `${body}${index}`, deduplicationId: `d${index}` }));

/** The places of a send call's entries among its messages. */
export const idsOf = (call: SqsCall) => call.input.Entries!.map((entry) => Number(entry.Id));
