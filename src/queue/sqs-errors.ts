import { DependencyUnavailable, InvalidInput } from '../platform/errors.js';
import { QueueRefused } from './queue-refused.js';

export type SqsAction =
  | 'SendMessage'
  | 'ReceiveMessage'
  | 'ChangeMessageVisibility'
  | 'DeleteMessage'
  | 'GetQueueAttributes'
  | 'GetQueueUrl';

interface VendorError {
  name: string;
  code: string | undefined;
  status: number | undefined;
}

const NO_SUCH_QUEUE = /QueueDoesNotExist|NonExistentQueue|InvalidAddress/;
const ACCESS_DENIED = /^AccessDenied|NotAuthorized|^KmsAccessDenied|KMS\.AccessDenied/i;
const KEYS_REFUSED =
  /InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|InvalidSecurity|MissingAuthenticationToken/;
/** SQS's own answers where the queue's key cannot be used for now or at all. */
const KMS = /^(Kms|KMS\.)(?!AccessDenied|Throttled|.*Throttling)/;
/** Answers to a clock that is off; the SDK has learnt the right time from them. */
const CLOCK = /RequestTimeTooSkewed|RequestInTheFuture|RequestNotYetValid/;
/** Temporary credentials are renewed by whoever issues them, so trying again can help. */
const KEYS_STALE = /ExpiredToken|RequestExpired|CredentialsProvider|TokenProvider/;
const THROTTLED = /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|OverLimit/;

function read(error: unknown): VendorError {
  if (typeof error !== 'object' || error === null)
    return { name: 'Error', code: undefined, status: undefined };
  const { name, code, Code, $metadata } = error as {
    name?: unknown;
    code?: unknown;
    Code?: unknown;
    $metadata?: { httpStatusCode?: number };
  };
  const vendorCode = typeof code === 'string' ? code : typeof Code === 'string' ? Code : undefined;
  return {
    name: typeof name === 'string' ? name : 'Error',
    code: vendorCode,
    status: $metadata?.httpStatusCode,
  };
}

/** The short name under which a failure is counted, e.g. `RequestThrottled` or `ECONNREFUSED`. */
export function vendorCode(error: unknown): string {
  const { name, code } = read(error);
  return code ?? name;
}

/**
 * Maps what the SDK throws to the error family.
 *
 * @returns `QueueRefused` (an `InvalidInput`) where somebody must change a setting, a permission or the request;
 *   `DependencyUnavailable` where SQS did not answer, throttled or failed. Errors already mapped pass unchanged.
 */
export function toQueueError(
  error: unknown,
  action: SqsAction,
  queueUrl: string,
): DependencyUnavailable | InvalidInput {
  if (error instanceof DependencyUnavailable || error instanceof InvalidInput) return error;
  const { name, code, status } = read(error);
  const names = `${name} ${code ?? ''}`;
  const matches = (pattern: RegExp): boolean =>
    pattern.test(name) || (code !== undefined && pattern.test(code));
  const options = { cause: error };
  if (NO_SUCH_QUEUE.test(names)) {
    return new QueueRefused(
      `queue URL ${queueUrl} does not exist: check SQS_QUEUE_URL and AWS_REGION`,
      options,
    );
  }
  if (KEYS_STALE.test(names)) {
    return new DependencyUnavailable(
      `no current AWS credentials for sqs:${action} on ${queueUrl} (${name})`,
      options,
    );
  }
  if (CLOCK.test(names)) {
    return new DependencyUnavailable(
      `SQS refuses this machine's clock for sqs:${action} on ${queueUrl} (${name}): set it`,
      options,
    );
  }
  if (matches(KMS)) {
    return new QueueRefused(`the encryption key of ${queueUrl} cannot be used (${code ?? name})`, options);
  }
  if (KEYS_REFUSED.test(names)) {
    return new QueueRefused(`AWS refuses this process's credentials for ${queueUrl} (${name})`, options);
  }
  if (THROTTLED.test(names) || status === 429) {
    return new DependencyUnavailable(`SQS throttled sqs:${action} on ${queueUrl}`, options);
  }
  if (matches(ACCESS_DENIED) || status === 401 || status === 403) {
    const grants = /kms/i.test(names)
      ? "kms:Decrypt and kms:GenerateDataKey on the queue's key"
      : `sqs:${action}`;
    return new QueueRefused(
      `access denied to ${queueUrl}: grant ${grants} to this process's AWS identity`,
      options,
    );
  }
  if (status !== undefined && status >= 400 && status < 500 && status !== 408) {
    return new QueueRefused(`SQS refused sqs:${action} on ${queueUrl} (${code ?? name})`, options);
  }
  return new DependencyUnavailable(
    `SQS did not answer sqs:${action} on ${queueUrl} (${code ?? name})`,
    options,
  );
}
