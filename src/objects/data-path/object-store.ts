import type { Bytes } from './store-request.js';

/** An object in a bucket; the key is literal. */
export interface ObjectRef {
  bucket: string;
  key: string;
}

export interface ObjectHead {
  size: number;
  /** As the store writes it, with its quotes. */
  etag: string | undefined;
  /** Of the whole object, where the store has one; a checksum of checksums of parts is none. */
  crc32: number | undefined;
  contentType: string | undefined;
  /** User metadata, names in lower case. */
  metadata: Readonly<Record<string, string>>;
}

/** What an object is stored with, besides its bytes. */
export interface ObjectAttributes {
  contentType?: string | undefined;
  /** ASCII. */
  metadata?: Readonly<Record<string, string>>;
  /** Key of KMS; unset is the bucket's own encryption. */
  kmsKey?: string | undefined;
  storageClass?: string | undefined;
  tags?: Readonly<Record<string, string>> | undefined;
}

/** When a write may take place: never over another object, or only over one. */
export type WriteCondition = { ifNoneMatch: '*' } | { ifMatch: string };

export interface StoredPart {
  partNumber: number;
  /** With its quotes. */
  etag: string;
  size: number;
  crc32: number | undefined;
}

export interface UploadRef extends ObjectRef {
  uploadId: string;
}

/** What the store holds a completed upload against; asked for is the first, and a store that knows only the second says so. */
export type ChecksumType = 'FULL_OBJECT' | 'COMPOSITE';

export interface PendingUpload extends UploadRef {
  initiated: Date;
}

/**
 * Objects in S3 where many bytes pass: signed requests over kept connections, without the SDK's streams. Each call is tried several times,
 * within the limits that it was made with.
 *
 * All throw, beside what they name: `DependencyUnavailable` when the store does not answer in any attempt, or not this process;
 * `ObjectForbidden`, `WrongRegion`, `EncryptionKeyUnavailable`, `RequestRefused` when it refuses; the signal's reason when it aborts.
 */
export interface ObjectStore {
  /** Undefined when there is no such object. */
  head(object: ObjectRef, signal?: AbortSignal): Promise<ObjectHead | undefined>;
  /**
   * Bytes `start` to `end` (exclusive), all of them.
   *
   * @throws ObjectNotFound; PreconditionFailed when it is not the object of `ifMatch` any more
   */
  read(object: ObjectRef, range: ByteRange, signal?: AbortSignal): Promise<Buffer>;
  /** The same in order, in chunks that are the receiver's to keep. Cut connections are resumed within it. */
  stream(object: ObjectRef, range: ByteRange, signal?: AbortSignal): AsyncIterable<Buffer>;
  /**
   * Writes an object whole. The store holds it against `crc32`.
   *
   * @throws PreconditionFailed, WriteConflict by the condition; ChecksumRefused; ObjectNotFound where there is no such bucket
   */
  put(
    object: ObjectRef,
    body: Bytes,
    options: { crc32: number; attributes?: ObjectAttributes; condition?: WriteCondition },
    signal?: AbortSignal,
  ): Promise<{ etag: string | undefined }>;
  /** Begins an upload in parts, of an object that will be held against the CRC-32 of the whole where the store can. */
  createUpload(
    object: ObjectRef,
    attributes: ObjectAttributes,
    signal?: AbortSignal,
  ): Promise<{ uploadId: string; checksumType: ChecksumType }>;
  /**
   * @param partNumber from 1
   * @throws UploadNotFound, ChecksumRefused
   */
  uploadPart(
    upload: UploadRef,
    partNumber: number,
    body: Bytes,
    crc32: number,
    signal?: AbortSignal,
  ): Promise<StoredPart>;
  /**
   * Makes the object of its parts.
   *
   * @throws UploadNotFound, also where an earlier attempt's answer was lost; PreconditionFailed, WriteConflict by the condition;
   * PartsRefused, ChecksumRefused
   */
  completeUpload(
    upload: UploadRef,
    parts: readonly StoredPart[],
    options: { crc32: number; checksumType: ChecksumType; size: number; condition?: WriteCondition },
    signal?: AbortSignal,
  ): Promise<{ etag: string | undefined }>;
  /** Lets go of an upload and its parts; one that is gone is no error. */
  abortUpload(upload: UploadRef, signal?: AbortSignal): Promise<void>;
  /** The parts that the store has, in order. @throws UploadNotFound */
  listParts(upload: UploadRef, signal?: AbortSignal): Promise<StoredPart[]>;
  /** Uploads that are neither completed nor aborted, of keys below a prefix. */
  listUploads(bucket: string, prefix: string, signal?: AbortSignal): AsyncIterable<PendingUpload>;
  /** Lets go of its connections. */
  close(): void;
}

export interface ByteRange {
  start: number;
  /** Exclusive. */
  end: number;
  /** The ETag of the object that is meant. */
  ifMatch?: string | undefined;
}
