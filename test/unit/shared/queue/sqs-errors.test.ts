import { DependencyUnavailable, InvalidInput } from '../../../../src/platform/errors.js';
import { createSqsQueue } from '../../../../src/queue/sqs-queue.js';
import { fakeSqs, QUEUE_URL, vendorError } from './fake-sqs.js';
import { messages } from './outgoing.js';

describe('errors of the vendor', () => {
  const failWith = async (error: Error): Promise<unknown> => {
    const { client } = fakeSqs(() => error);
    return await createSqsQueue({ client, url: QUEUE_URL })
      .depth()
      .catch((thrown: unknown) => thrown);
  };

  it.each([
    ['QueueDoesNotExist', 400, InvalidInput, /does not exist.*SQS_QUEUE_URL/],
    ['AccessDeniedException', 400, InvalidInput, /grant sqs:GetQueueAttributes/],
    ['AccessDenied', 403, InvalidInput, /access denied/],
    ['KmsAccessDenied', 400, InvalidInput, /kms:Decrypt/],
    ['UnrecognizedClientException', 400, InvalidInput, /credentials/],
    ['ExpiredTokenException', 403, DependencyUnavailable, /credentials/],
    ['RequestThrottled', 400, DependencyUnavailable, /throttled/],
    ['ServiceUnavailable', 503, DependencyUnavailable, /did not answer/],
    ['InvalidAttributeName', 400, InvalidInput, /refused/],
  ])('%s becomes one that says what to do', async (name, status, kind, text) => {
    const mapped = await failWith(vendorError(name, status));
    expect(mapped).toBeInstanceOf(kind);
    expect((mapped as Error).message).toMatch(text);
    expect((mapped as Error).message).toContain(QUEUE_URL);
    expect((mapped as Error).cause).toMatchObject({ name });
  });

  it('a queue that is missing ends a whole send instead of failing its entries', async () => {
    const { client } = fakeSqs(() => vendorError('QueueDoesNotExist'));
    await expect(createSqsQueue({ client, url: QUEUE_URL }).send(messages(30))).rejects.toBeInstanceOf(
      InvalidInput,
    );
  });

  it('refuses a queue URL that is none', () => {
    const { client } = fakeSqs(() => ({}));
    expect(() => createSqsQueue({ client, url: 'vachan-jobs' })).toThrow(/got vachan-jobs/);
  });
});
