import { InvalidInput } from '../platform/errors.js';
import type { EntryFailure } from './entry-batches.js';
import { vendorCode } from './sqs-errors.js';

/** The failed entry's code of a message that is longer than a call, or than the queue's own limit. */
export const MESSAGE_TOO_LARGE = 'MessageTooLarge';

/** What SQS says of a message's own content, whatever the queue. */
const OF_THE_MESSAGE =
  /InvalidMessageContents|MessageToo(?:Long|Large)|BatchRequestTooLong|InvalidAttributeValue/;
/** Of a queue's own `MaximumMessageSize` it speaks in words only: "Message must be shorter than 1024 bytes". */
const TOO_LONG = /MessageToo(?:Long|Large)|BatchRequestTooLong|must be shorter than \d+ bytes/i;
/** What every message would be told: access, keys, the queue itself, or its load. */
const OF_THE_QUEUE =
  /Access|Auth|Kms|Security|Token|Signature|Credential|Queue(?:Does|Deleted)|NonExistent|InvalidAddress|Throttl|TooMany|OverLimit|LimitExceeded|Unsupported|MissingParameter|Internal|Unavailable|Timeout/i;

/**
 * Whose fault a refusal is. `message`: sent again alone, to any queue of the kind, it is refused again. `queue`: any
 * message would be refused. `unclear`: the code says neither, which only the fate of other messages can tell.
 */
export type RefusalOf = 'message' | 'queue' | 'unclear';

export function refusalOf({
  code,
  reason,
  final,
}: Pick<EntryFailure, 'code' | 'reason' | 'final'>): RefusalOf {
  if (OF_THE_MESSAGE.test(code) || isTooLong({ code, reason })) return 'message';
  return final && !OF_THE_QUEUE.test(code) ? 'unclear' : 'queue';
}

export function isTooLong({ code, reason }: Pick<EntryFailure, 'code' | 'reason'>): boolean {
  return TOO_LONG.test(code) || TOO_LONG.test(reason);
}

/**
 * What a refusal of a whole call says, where one entry may be its cause; undefined where the call says that
 * every other one would fare the same.
 */
export function callRefusal(error: unknown): Omit<EntryFailure, 'index'> | undefined {
  if (!(error instanceof InvalidInput) || error.cause === undefined) return undefined;
  const code = vendorCode(error.cause).replace(/^AWS\.SimpleQueueService\./, '');
  const { message } = error.cause as { message?: unknown };
  const refusal = { code, reason: typeof message === 'string' ? message : error.message, final: true };
  return refusalOf(refusal) === 'queue' ? undefined : refusal;
}
