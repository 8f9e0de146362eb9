import type { RequestListener } from 'node:http';
import { STORE_CODES, type StoreMeaning } from '../../../../src/objects/download/store-codes.js';
import { VachanError } from '../../../../src/platform/errors.js';
import { refuse, startFakeStore, type FakeStore } from './fake-store.js';

const content = Buffer.alloc(20_000, 7);
const stores: FakeStore[] = [];

afterEach(() => stores.splice(0).forEach((store) => store.close()));

async function storeThat(listener: RequestListener): Promise<FakeStore> {
  const store = await startFakeStore(listener);
  stores.push(store);
  return store;
}

async function failure(work: Promise<unknown>): Promise<VachanError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof VachanError)) throw new Error('It did not fail with an error of the family.');
  return error;
}

const RETRIED = 4;
const ARCHIVED = { more: '<StorageClass>DEEP_ARCHIVE</StorageClass>' };
const ARCHIVED_TIER = {
  more: '<StorageClass>INTELLIGENT_TIERING</StorageClass><AccessTier>ARCHIVE_ACCESS</AccessTier>',
};
const NO_DECRYPT = {
  message:
    'User: arn:aws:sts::1:assumed-role/w/i is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:x',
};
const NO_GET = {
  message: 'User: x is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::x"',
};
const SSE_C = {
  message:
    'The object was stored using a form of Server Side Encryption. The correct parameters must be provided.',
};
const REGION = { more: '<Region>eu-west-1</Region>' };

describe('read with the S3 client, an object whose store answers', () => {
  test.each([
    [403, 'InvalidObjectState', 'ObjectArchived', 1, /archived \(DEEP_ARCHIVE\): restore/, ARCHIVED],
    [403, 'InvalidObjectState', 'ObjectArchived', 1, /INTELLIGENT_TIERING, ARCHIVE_ACCESS/, ARCHIVED_TIER],
    [400, 'KMS.DisabledException', 'EncryptionKeyUnavailable', 1, /KMS\.DisabledException/, {}],
    [400, 'KMS.NotFoundException', 'EncryptionKeyUnavailable', 1, /KMS\.NotFoundException/, {}],
    [400, 'KMS.KMSInvalidStateException', 'EncryptionKeyUnavailable', 1, /KMS\.KMSInvalidStateException/, {}],
    [403, 'AccessDenied', 'EncryptionKeyUnavailable', 1, /encryption key/, NO_DECRYPT],
    [400, 'InvalidRequest', 'EncryptionKeyUnavailable', 1, /InvalidRequest/, SSE_C],
    [403, 'AccessDenied', 'ObjectForbidden', 1, /403 AccessDenied, s3:GetObject/, NO_GET],
    [403, 'AllAccessDisabled', 'ObjectForbidden', 1, /AllAccessDisabled/, {}],
    [404, 'NoSuchBucket', 'ObjectNotFound', 1, /No such bucket/, {}],
    [404, 'NoSuchVersion', 'ObjectNotFound', 1, /NoSuchVersion/, {}],
    [400, 'AuthorizationHeaderMalformed', 'WrongRegion', 1, /eu-west-1.*AWS_REGION/, REGION],
    [400, 'ExpiredToken', 'DependencyUnavailable', 1, /credentials.*ExpiredToken/, {}],
    [400, 'InvalidToken', 'DependencyUnavailable', 1, /credentials.*InvalidToken/, {}],
    [403, 'InvalidAccessKeyId', 'DependencyUnavailable', 1, /credentials.*InvalidAccessKeyId/, {}],
    [403, 'SignatureDoesNotMatch', 'DependencyUnavailable', 1, /credentials.*SignatureDoesNotMatch/, {}],
    [403, 'RequestTimeTooSkewed', 'DependencyUnavailable', RETRIED, /clock.*RequestTimeTooSkewed/, {}],
    [400, 'RequestTimeout', 'DownloadFailed', RETRIED, /RequestTimeout/, {}],
    [500, 'InternalError', 'DownloadFailed', RETRIED, /InternalError/, {}],
    [503, 'SlowDown', 'DownloadFailed', RETRIED, /slow down.*SlowDown/, {}],
    [400, 'ThrottlingException', 'DownloadFailed', RETRIED, /slow down/, {}],
    [400, 'KMS.ThrottlingException', 'DownloadFailed', RETRIED, /slow down/, {}],
    [400, 'KMS.KMSInternalException', 'DownloadFailed', RETRIED, /KMSInternalException/, {}],
    [400, 'SomethingNew', 'DownloadFailed', 1, /400 SomethingNew/, {}],
    [403, 'SomethingNew', 'ObjectForbidden', 1, /403 SomethingNew/, {}],
    [500, 'SomethingNew', 'DownloadFailed', RETRIED, /500 SomethingNew/, {}],
  ])('%i %s is %s after %i', async (status, code, name, calls, says, more) => {
    const store = await storeThat((_request, response) => refuse(response, status, code, more));
    const error = await failure(store.fromS3('a.wav'));
    expect({ name: error.name, calls: store.asked.length }).toEqual({ name, calls });
    expect(error.message).toMatch(says);
    expect(error.message).toMatch(/s3:\/\/readings\/a\.wav|this process's AWS credentials/);
  });

  test('the bucket’s other region in a header only', async () => {
    const store = await storeThat((_request, response) =>
      refuse(response, 400, 'IncorrectEndpoint', { headers: { 'x-amz-bucket-region': 'ap-south-2' } }),
    );
    expect((await failure(store.fromS3('a.wav'))).message).toContain('lies in ap-south-2');
  });

  test('something that is not S3’s: a proxy’s page is judged by its status', async () => {
    const store = await storeThat((_request, response) => {
      response.writeHead(403, { 'content-type': 'text/html' }).end('<html>Blocked by <b>policy');
    });
    const error = await failure(store.fromS3('a.wav'));
    expect({ name: error.name, calls: store.asked.length }).toEqual({ name: 'ObjectForbidden', calls: 1 });
  });

  test('that its clock is off is right in the next attempt, for all that were asked for at once', async () => {
    const hourAhead = (): number => Date.now() + 3_600_000;
    const keys = [1, 2, 3, 4, 5, 6].map((number) => `${number}.wav`);
    /** None is told of the clock before all have asked: a later one would be right at once. */
    const refusals: (() => void)[] = [];
    const store = await storeThat((request, response) => {
      const [, ...stamp] =
        /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(String(request.headers['x-amz-date'])) ?? [];
      const [year, month, ...time] = stamp.map(Number) as [number, number, number, number, number, number];
      const signedAt = Date.UTC(year, month - 1, ...time);
      const date = new Date(hourAhead()).toUTCString();
      if (Math.abs(signedAt - hourAhead()) < 900_000) response.writeHead(200, { date }).end(content);
      else refusals.push(() => refuse(response, 403, 'RequestTimeTooSkewed', { headers: { date } }));
      if (refusals.length === keys.length) refusals.splice(0).forEach((answer) => answer());
    });
    const downloads = await Promise.all(keys.map((key) => store.fromS3(key)));
    expect(downloads).toEqual(keys.map(() => ({ bytes: content.length, attempts: 2 })));
  });
});

describe('read by its presigned address, an object whose store answers', () => {
  const EXPIRED = { message: 'Request has expired', more: '<X-Amz-Expires>900</X-Amz-Expires>' };
  test.each([
    [403, 'AccessDenied', 'AddressExpired', 1, /has expired/, EXPIRED],
    [400, 'ExpiredToken', 'AddressExpired', 1, /has expired/, {}],
    [403, 'RequestTimeTooSkewed', 'AddressExpired', 1, /not valid at this time/, {}],
    [403, 'SignatureDoesNotMatch', 'ObjectForbidden', 1, /SignatureDoesNotMatch/, {}],
    [403, 'InvalidAccessKeyId', 'ObjectForbidden', 1, /InvalidAccessKeyId/, {}],
    [403, 'InvalidObjectState', 'ObjectArchived', 1, /DEEP_ARCHIVE/, ARCHIVED],
    [400, 'KMS.DisabledException', 'EncryptionKeyUnavailable', 1, /KMS\.DisabledException/, {}],
    [301, 'PermanentRedirect', 'WrongRegion', 1, /eu-west-1/, REGION],
    [404, 'NoSuchBucket', 'ObjectNotFound', 1, /No such bucket/, {}],
    [400, 'RequestTimeout', 'DownloadFailed', RETRIED, /RequestTimeout/, {}],
    [503, 'SlowDown', 'DownloadFailed', RETRIED, /SlowDown/, {}],
    [403, 'SomethingNew', 'ObjectForbidden', 1, /403 SomethingNew/, {}],
  ])('%i %s is %s after %i', async (status, code, name, calls, says, more) => {
    const store = await storeThat((_request, response) => refuse(response, status, code, more));
    const error = await failure(store.fromAddress('a.wav'));
    expect({ name: error.name, calls: store.asked.length }).toEqual({ name, calls });
    expect(error.message).toMatch(says);
    expect(error.message).not.toContain('secret-signature');
  });

  test('anything but a code in a code’s place is not quoted', async () => {
    const store = await storeThat((_request, response) => refuse(response, 403, 'rm -rf /\u001b[31m'));
    expect((await failure(store.fromAddress('a.wav'))).message).toMatch(/^The store refuses .* \(403\)$/);
  });

  test('a refusal without an end is judged by its start', async () => {
    const store = await storeThat((_request, response) => {
      response.writeHead(403);
      response.write('<Error><Code>InvalidObjectState</Code>');
      const more = (): void => {
        if (!response.destroyed) response.write(' '.repeat(65_536), more);
      };
      more();
    });
    expect((await failure(store.fromAddress('a.wav'))).name).toBe('ObjectArchived');
  });
});

test('no code has two meanings', () => {
  const codes = Object.values(STORE_CODES as Record<StoreMeaning, readonly string[]>).flat();
  expect(new Set(codes).size).toBe(codes.length);
});
