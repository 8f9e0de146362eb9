import {
  AddressExpired,
  ObjectArchived,
  DownloadFailed,
  ObjectForbidden,
  EncryptionKeyUnavailable,
  ObjectNotFound,
  WrongRegion,
} from '../errors.js';
import { DependencyUnavailable } from '../../platform/errors.js';
import { AttemptFailed } from './attempt-failed.js';
import { meaningOfCode, meaningOfStatus, type StoreMeaning } from './store-codes.js';

/** What a store answers instead of an object. */
export interface StoreRefusal {
  status: number;
  /** The store's own name for it, where it gave one. */
  code?: string | undefined;
  /** Read for what it means; never quoted, since a server may put anything into it. */
  message?: string | undefined;
  /** The region that the store names. */
  region?: string | undefined;
  /** Of an archived object: its storage class, and its tier in Intelligent-Tiering. */
  storageClass?: string | undefined;
  accessTier?: string | undefined;
  retryAfterMs?: number | undefined;
}

/** Whose credentials a request carried: this process's, or those within a presigned address. */
export type Credentials = 'own' | 'in_address';

/**
 * The error that a refusal means: an `ObjectError` where it is about this object, an `AttemptFailed` where another attempt may
 * help, and `DependencyUnavailable` where it is about this process, whatever it asks for.
 *
 * @param name describes the object, without its query
 */
export function errorForRefusal(refusal: StoreRefusal, name: string, credentials: Credentials): Error {
  const { status, code, retryAfterMs } = refusal;
  if (status === 412 || status === 416) {
    return new AttemptFailed('changed', `it changed meanwhile (${status})`);
  }
  const said = [String(status), printableCode(code)].filter(Boolean).join(' ');
  switch (meaningOf(refusal)) {
    case 'missing':
      return new ObjectNotFound(
        code === 'NoSuchBucket' ? `No such bucket: ${name} (${said})` : `No such object: ${name} (${said})`,
      );
    case 'archived':
      return new ObjectArchived(`Object is archived${tierOf(refusal)}: restore ${name} (${said})`);
    case 'key_unavailable':
      return new EncryptionKeyUnavailable(
        `The encryption key of ${name} is disabled, deleted or not for this reader (${said})`,
      );
    case 'wrong_region':
      return new WrongRegion(
        `The bucket of ${name} lies in ${regionOf(refusal) ?? 'another region'}; check AWS_REGION or the address (${said})`,
      );
    case 'credentials':
      return credentials === 'own' ? credentialsRefused(said) : refusedAddress(refusal, name, said);
    case 'clock':
      return credentials === 'own'
        ? new AttemptFailed('clock', `this machine's clock differs from the store's (${said})`)
        : new AddressExpired(`The presigned address of ${name} is not valid at this time (${said})`);
    case 'throttled':
      return new AttemptFailed('throttled', `the store asks to slow down (${said})`, retryAfterMs);
    case 'passing':
      return new AttemptFailed('cut', `the store answers ${said}`, retryAfterMs);
    case 'forbidden':
      return refusedAddress(refusal, name, said);
    case undefined:
      return new DownloadFailed(`Downloading ${name} failed: the store answers ${said}`);
  }
}

/** No object's fault: what is held waits until somebody, or the provider of the credentials, has renewed them. */
export function credentialsRefused(said: string, options?: ErrorOptions): DependencyUnavailable {
  return new DependencyUnavailable(
    `S3 does not take this process's AWS credentials (${said}): renew or correct them`,
    options,
  );
}

function meaningOf({ status, code, message }: StoreRefusal): StoreMeaning | undefined {
  return (code === undefined ? undefined : meaningOfCode(code, message)) ?? meaningOfStatus(status);
}

/** Of an address that carries its own signature, S3 says under several codes that its time is over. */
function refusedAddress({ code, message = '' }: StoreRefusal, name: string, said: string): Error {
  if (/^(ExpiredToken|TokenRefreshRequired)/.test(code ?? '') || /request has expired/i.test(message)) {
    return new AddressExpired(`The presigned address of ${name} has expired (${said})`);
  }
  const action = /not authorized to perform: (s3:[A-Za-z]{1,40})\b/.exec(message)?.[1];
  return new ObjectForbidden(
    `The store refuses to hand over ${name} (${[said, action].filter(Boolean).join(', ')})`,
  );
}

function tierOf({ storageClass, accessTier }: StoreRefusal): string {
  const tier = [storageClass, accessTier].map(printableCode).filter(Boolean).join(', ');
  return tier === '' ? '' : ` (${tier})`;
}

function regionOf({ region }: StoreRefusal): string | undefined {
  return region !== undefined && /^[a-z]{2}(-[a-z]+)+-\d{1,2}$/.test(region) ? region : undefined;
}

/** A code as it may be quoted: whatever else stands in its place is not one. */
function printableCode(code: string | undefined): string | undefined {
  return code !== undefined && /^[A-Za-z][\w.-]{0,63}$/.test(code) ? code : undefined;
}

/** Reads S3's error document, as far as it can be read. */
export function readRefusalXml(xml: string): Omit<StoreRefusal, 'status'> {
  const text = (element: string): string | undefined =>
    new RegExp(`<${element}>\\s*([^<]{1,1000}?)\\s*</${element}>`).exec(xml)?.[1];
  return {
    code: text('Code'),
    message: text('Message'),
    region: text('Region'),
    storageClass: text('StorageClass'),
    accessTier: text('AccessTier'),
  };
}
