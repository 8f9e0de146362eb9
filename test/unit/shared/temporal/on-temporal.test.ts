import { ConfigurationError, DependencyUnavailable } from '../../../../src/platform/errors.js';
import { onTemporal } from '../../../../src/temporal/on-temporal.js';

const fails = (error: Error) => onTemporal('list open runs', () => Promise.reject(error));
const grpc = (code: number): Error =>
  new Error('Failed to call', { cause: Object.assign(new Error('grpc'), { code }) });

test.each([1, 2, 4, 8, 13, 14])('what passes with time (gRPC code %d) can be waited for', async (code) => {
  await expect(fails(grpc(code))).rejects.toThrow(DependencyUnavailable);
});

test.each([3, 5, 7, 16])(
  'what speaks of the request or of who asks (gRPC code %d) is thrown as it is',
  async (code) => {
    await expect(fails(grpc(code))).rejects.not.toBeInstanceOf(DependencyUnavailable);
  },
);

test('an error of the family and one without a code are thrown as they are', async () => {
  const wrong = new ConfigurationError('The open run cannot be read by this worker.');
  await expect(fails(wrong)).rejects.toBe(wrong);
  const bug = new TypeError('x is undefined');
  await expect(fails(bug)).rejects.toBe(bug);
});
