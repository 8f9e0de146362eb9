/**
 * What an object store's error code means for whoever asked. The store's codes are data, since new ones are added to S3 all the time;
 * one that is not here is carried by its name and judged by its HTTP status.
 */
export type StoreMeaning =
  /** There is no such object, version or bucket. */
  | 'missing'
  /** In an archive tier: a person must have it restored. */
  | 'archived'
  /** This caller may not read it. */
  | 'forbidden'
  /** The key that it is encrypted with is disabled, deleted, or not this caller's to use. */
  | 'key_unavailable'
  /** The request's credentials are expired or wrong, whatever was asked for. */
  | 'credentials'
  /** The caller's clock and the store's differ too much. */
  | 'clock'
  /** The bucket lies in another region. */
  | 'wrong_region'
  | 'throttled'
  /** A passing fault of the store or of the way to it. */
  | 'passing';

export const STORE_CODES: Readonly<Record<StoreMeaning, readonly string[]>> = {
  missing: ['NoSuchKey', 'NoSuchBucket', 'NoSuchVersion', 'NotFound', 'BlobNotFound', 'ContainerNotFound'],
  archived: ['InvalidObjectState', 'ObjectNotInActiveTierError', 'BlobArchived'],
  forbidden: ['AccessDenied', 'AllAccessDisabled', 'AccountProblem', 'UnauthorizedAccess'],
  // Besides all of KMS's codes that do not pass by themselves.
  key_unavailable: ['KeyUnavailable', 'KMSKeyNotFound', 'ServerSideEncryptionConfigurationNotFoundError'],
  credentials: [
    'ExpiredToken',
    'ExpiredTokenException',
    'InvalidToken',
    'TokenRefreshRequired',
    'InvalidAccessKeyId',
    'InvalidClientTokenId',
    'UnrecognizedClientException',
    'SignatureDoesNotMatch',
    'InvalidSecurity',
    'MissingSecurityHeader',
    'NotSignedUp',
  ],
  clock: ['RequestTimeTooSkewed', 'RequestExpired', 'RequestInTheFuture'],
  wrong_region: [
    'PermanentRedirect',
    'AuthorizationHeaderMalformed',
    'IllegalLocationConstraintException',
    'IncorrectEndpoint',
  ],
  throttled: [
    'SlowDown',
    'Throttling',
    'ThrottlingException',
    'ThrottledException',
    'RequestThrottled',
    'RequestThrottledException',
    'RequestLimitExceeded',
    'LimitExceededException',
    'TooManyRequests',
    'TooManyRequestsException',
    'BandwidthLimitExceeded',
    'ServiceUnavailable',
    'ServerBusy',
    'KMS.ThrottlingException',
    'KMS.LimitExceededException',
  ],
  passing: [
    'RequestTimeout',
    'RequestTimeoutException',
    'InternalError',
    'InternalFailure',
    'InternalServerError',
    'ServiceFailure',
    'IncompleteBody',
    'OperationAborted',
    'ConditionalRequestConflict',
    // While a new bucket's name spreads.
    'TemporaryRedirect',
    'KMS.KMSInternalException',
    'KMS.InternalException',
    'KMS.DependencyTimeoutException',
    'KMS.KeyUnavailableException',
  ],
};

const MEANINGS: ReadonlyMap<string, StoreMeaning> = new Map(
  Object.entries(STORE_CODES).flatMap(([meaning, codes]) =>
    codes.map((code) => [code, meaning as StoreMeaning]),
  ),
);

/** Where S3 has one code for several things, its message tells them apart. */
const SAYINGS: readonly { code: RegExp; says: RegExp; meaning: StoreMeaning }[] = [
  {
    code: /^AccessDenied$/,
    says: /to perform: kms:|the ciphertext refers|AWS KMS/i,
    meaning: 'key_unavailable',
  },
  // An object under a customer's own key (SSE-C), or an old signature for one under KMS.
  { code: /^Invalid(Request|Argument)$/, says: /Server Side Encryption/i, meaning: 'key_unavailable' },
  { code: /^AuthorizationHeaderMalformed$/, says: /access key/i, meaning: 'credentials' },
];

/** @returns undefined for a code that is not known here */
export function meaningOfCode(code: string, message = ''): StoreMeaning | undefined {
  const said = SAYINGS.find((saying) => saying.code.test(code) && saying.says.test(message));
  if (said !== undefined) return said.meaning;
  return MEANINGS.get(code) ?? (code.startsWith('KMS.') ? 'key_unavailable' : undefined);
}

/** What a status means that came without a code, or with one that nobody knows; undefined for one that should not be met. */
export function meaningOfStatus(status: number): StoreMeaning | undefined {
  if (status === 404 || status === 410) return 'missing';
  if (status === 401 || status === 403) return 'forbidden';
  if (status === 429 || status === 503) return 'throttled';
  if (status === 301) return 'wrong_region';
  return status === 408 || status >= 500 ? 'passing' : undefined;
}
