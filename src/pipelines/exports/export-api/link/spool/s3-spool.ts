import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { ObjectNotFound } from '../../../../../objects/errors.js';
import { PreconditionFailed } from '../../../../../objects/write-errors.js';
import type {
  ChecksumType,
  ObjectRef,
  ObjectStore,
  StoredPart,
  UploadRef,
} from '../../../../../objects/data-path/object-store.js';
import type { ByteBudget, ByteHold } from '../../../../../platform/byte-budget.js';
import type { JobRef } from '../../../contract/job-ref.js';
import type { ListedFile } from '../../../contract/listed-file.js';
import { ArchiveChanged } from '../../../errors.js';
import type { Spool, SpooledFile } from '../open-link.js';
import type { LinkOptions } from '../ranged-link.js';
import type { ContentCheck } from './content-check.js';
import { downloadWhole, type Sink } from './whole-file.js';

export interface S3SpoolParts {
  store: ObjectStore;
  /** Where a file's copy goes. */
  place: (job: JobRef, ordinal: number) => ObjectRef;
  remove: (object: ObjectRef) => Promise<void>;
  budget: ByteBudget;
}

const PART_BYTES = 8 * 1024 * 1024;
/** S3 takes 10,000 parts, of which some are left. */
const MOST_PARTS = 9_000;
/** Where the server does not say how large the file is: up to 280 GB. */
const PART_BYTES_OF_UNKNOWN = 32 * 1024 * 1024;
/** As the uploader's parts: whoever holds these waits for no more. */
const RANK = 2;

/**
 * Keeps files below the state prefix until they are settled; a lifecycle rule removes what is left of jobs that are never finished. A copy
 * that an earlier try has made is whole, since it is completed only after its checks: whoever comes next reads it. One that was cut is
 * made anew, as its server cannot begin in the middle.
 */
export function createS3Spool(options: LinkOptions, parts: S3SpoolParts): Spool {
  return {
    async keep(download, job, file, size, signal) {
      const object = parts.place(job, file.ordinal);
      const kept = await parts.store.head(object, signal);
      const isSame = kept !== undefined && (size === undefined || kept.size === size);
      if (isSame && kept.metadata[FILE_NAME] === markOf(file)) return spooled(parts, object, kept);
      return downloadWhole(
        options,
        download,
        file,
        (stated) => startUpload(parts, object, markOf(file), stated, signal),
        signal,
      );
    },
  };
}

/** Metadata of a copy: the file that it is of. */
const FILE_NAME = 'vachan-file';

/** Of another listing the same ordinal may be another file. */
function markOf({ file_id: id, size, checksum }: ListedFile): string {
  const stated = [id, size ?? null, checksum?.algorithm ?? null, checksum?.value ?? null];
  return createHash('sha256').update(JSON.stringify(stated)).digest('hex');
}

/** An object that is written as it comes, a part in memory at a time. */
async function startUpload(
  parts: S3SpoolParts,
  object: ObjectRef,
  mark: string,
  size: number | undefined,
  signal: AbortSignal,
): Promise<Sink<SpooledFile>> {
  const { store, budget } = parts;
  const attributes = { metadata: { [FILE_NAME]: mark } };
  const partBytes =
    size === undefined ? PART_BYTES_OF_UNKNOWN : Math.max(PART_BYTES, Math.ceil(size / MOST_PARTS));
  const hold: ByteHold = await budget.take(Math.min(partBytes, size ?? Infinity), { rank: RANK, signal });
  let upload: (UploadRef & { checksumType: ChecksumType }) | undefined;
  const stored: StoredPart[] = [];
  let chunks: Buffer[] = [];
  let bytes = 0;

  const sendPart = async (): Promise<void> => {
    upload ??= { ...object, ...(await store.createUpload(object, attributes, signal)) };
    const crc = chunks.reduce((sum, chunk) => crc32(chunk, sum), 0);
    stored.push(await store.uploadPart(upload, stored.length + 1, chunks, crc, signal));
    chunks = [];
    bytes = 0;
  };
  const complete = async (check: ContentCheck): Promise<string | undefined> => {
    if (upload === undefined) {
      return (await store.put(object, chunks, { crc32: check.crc32, attributes }, signal)).etag;
    }
    if (bytes > 0) await sendPart();
    const { checksumType } = upload;
    const whole = { crc32: check.crc32, checksumType, size: check.size };
    return (await store.completeUpload(upload, stored, whole, signal)).etag;
  };
  return {
    async write(chunk) {
      let rest = chunk;
      while (bytes + rest.length >= partBytes) {
        const fits = rest.subarray(0, partBytes - bytes);
        chunks.push(fits);
        bytes += fits.length;
        rest = rest.subarray(fits.length);
        await sendPart();
      }
      if (rest.length === 0) return;
      chunks.push(rest);
      bytes += rest.length;
    },
    async finish(check) {
      const etag = await complete(check);
      hold.release();
      return spooled(parts, object, { size: check.size, etag });
    },
    async discard() {
      hold.release();
      chunks = [];
      // The lifecycle rule removes what cannot be aborted now.
      if (upload !== undefined) await store.abortUpload(upload).catch(() => undefined);
    },
  };
}

function spooled(
  { store, remove }: S3SpoolParts,
  object: ObjectRef,
  { size, etag }: { size: number; etag?: string | undefined },
): SpooledFile {
  return {
    size,
    async read(start, end, signal) {
      try {
        return await store.read(object, { start, end, ifMatch: etag }, signal);
      } catch (error) {
        throw lost(error);
      }
    },
    async *stream(start, end, signal) {
      if (start === end) return;
      try {
        yield* store.stream(object, { start, end, ifMatch: etag }, signal);
      } catch (error) {
        throw lost(error);
      }
    },
    close: () => Promise.resolve(),
    // What stays is the lifecycle rule's: an archive that is settled must not fail for it.
    settled: () => remove(object).catch(() => undefined),
  };
}

/** Removed by a lifecycle rule, or replaced by another process that has the task by now: the file is opened again. */
function lost(error: unknown): unknown {
  const isLost = error instanceof ObjectNotFound || error instanceof PreconditionFailed;
  return isLost
    ? new ArchiveChanged('The copy of the archive is gone, or another one.', { cause: error })
    : error;
}
