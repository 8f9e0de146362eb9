import { ApplicationFailure, defaultFailureConverter, defaultPayloadConverter } from '@temporalio/common';
import { PayloadUndecodable } from '../../../../src/temporal/encryption/payload-undecodable.js';
import { failureConverter } from '../../../../src/temporal/encryption/failure-converter.js';

test('messages and stacks of a failure and of its causes go into payloads', () => {
  const cause = new Error('the cause speaks');
  const failure = failureConverter.errorToFailure(
    ApplicationFailure.create({ message: 'the failure speaks', type: 'InvalidInput', cause }),
    defaultPayloadConverter,
  );
  const { encodedAttributes, ...plain } = failure;
  expect(encodedAttributes).toBeDefined();
  expect(plain.message).toBe('Encoded failure');
  expect(plain.stackTrace).toBe('');
  expect(plain.cause?.message).toBe('Encoded failure');
  expect(plain.cause?.stackTrace).toBe('');
});

test('a process without keys reads the message of a failure that another has written so', () => {
  const failure = failureConverter.errorToFailure(
    ApplicationFailure.create({ message: 'spoken', type: 'InvalidInput', nonRetryable: true }),
    defaultPayloadConverter,
  );
  const error = defaultFailureConverter.failureToError(failure, defaultPayloadConverter);
  expect(error).toMatchObject({ message: 'spoken', type: 'InvalidInput', nonRetryable: true });
});

test('the failure that names a missing key stays readable for who lacks the key', () => {
  const undecodable = new PayloadUndecodable('key "old" is missing', { keyId: 'old' });
  for (const error of [undecodable, ApplicationFailure.fromError(undecodable)]) {
    const failure = failureConverter.errorToFailure(error, defaultPayloadConverter);
    expect(failure.message).toBe('key "old" is missing');
  }
});
