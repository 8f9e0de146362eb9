import { open, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import pLimit from 'p-limit';
import { DownloadFailed, DownloadTimeout, ObjectEmpty } from './errors.js';
import { DependencyUnavailable } from '../platform/errors.js';
import { wait } from '../platform/time/wait.js';
import { startAttemptClock } from './download/attempt-clock.js';
import { AttemptFailed } from './download/attempt-failed.js';
import type { ObjectSource } from './download/object-source.js';
import { backoffMs } from './download/backoff.js';
import { decodeFile, parseContentEncoding } from './download/content-encoding.js';
import type { DownloadOptions } from './download/download-options.js';
import type { AddressRules } from './pinned-address.js';
import { PUBLIC_ADDRESSES } from './pinned-address.js';
import { createDirectReads, type DirectReads } from './download/direct-reads.js';
import { createS3Source } from './download/s3-source.js';
import { createUrlSource } from './download/url-source.js';
import type { Progress } from './download/write-body.js';
import { writeBody } from './download/write-body.js';
import type { LocationRules, ObjectLocation } from './location.js';
import { describeLocation } from './location.js';

export interface DownloaderDependencies {
  /** Its own retries off: see `createDownloadClient`. */
  s3: S3Client;
  options: DownloadOptions;
  /** Replaced in tests. */
  addressRules?: AddressRules;
  extraCa?: string;
  /** What a redirect to another host must pass. Without them none is followed there. */
  locations?: LocationRules;
  random?: () => number;
  /** Told before every attempt after the first, for metrics. */
  onRetry?: () => void;
}

export interface DownloadedObject {
  /** Of the file. */
  bytes: number;
  attempts: number;
}

export interface Downloader {
  /**
   * Writes an object to `path`, which holds the whole object when this resolves and does not exist when it rejects.
   * Attempts go on where the last one dropped, if the object is still the same. What its `Content-Encoding` names is undone.
   *
   * @throws ObjectNotFound, ObjectForbidden, ObjectArchived and others that no attempt can change, at once
   * @throws DownloadTimeout, DownloadFailed after the last attempt
   * @throws DependencyUnavailable where this process's credentials or clock are at fault, whatever it asks for
   * @throws the signal's reason when it aborts
   */
  download(location: ObjectLocation, path: string, signal?: AbortSignal): Promise<DownloadedObject>;
  /** Lets go of its own connections; the client's are its owner's. */
  close(): void;
}

/** Prepares downloads; the limit on how many run at one time is this downloader's, so a process should have one. */
export function createDownloader(dependencies: DownloaderDependencies): Downloader {
  const limit = pLimit(dependencies.options.maxConcurrency);
  const direct = createDirectReads(dependencies.s3);
  return {
    download: (location, path, signal) =>
      limit(() => {
        signal?.throwIfAborted();
        return downloadTo(dependencies, direct, location, path, signal);
      }),
    close: () => direct.close(),
  };
}

async function downloadTo(
  dependencies: DownloaderDependencies,
  direct: DirectReads,
  location: ObjectLocation,
  path: string,
  signal: AbortSignal | undefined,
): Promise<DownloadedObject> {
  const name = describeLocation(location);
  const source = sourceOf(dependencies, direct, location, name);
  const file = await open(path, 'wx', 0o600);
  try {
    const downloaded = await attemptUntilDone(dependencies, source, file, name, signal);
    await file.close();
    const { attempts, contentEncoding } = downloaded;
    const bytes = await decoded(
      path,
      downloaded.bytes,
      contentEncoding,
      dependencies.options.maxBytes,
      signal,
    );
    if (bytes === 0) throw new ObjectEmpty(`Object holds 0 bytes: ${name}`);
    return { bytes, attempts };
  } catch (error) {
    await file.close();
    await rm(path, { force: true });
    throw error;
  }
}

/** Undoes what the store says of the object's coding; resolves to the bytes that are left. */
async function decoded(
  path: string,
  bytes: number,
  contentEncoding: string | undefined,
  maxBytes: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  const codings = parseContentEncoding(contentEncoding);
  if (codings.length === 0 || bytes === 0) return bytes;
  await decodeFile(path, codings, { maxBytes, signal });
  return (await stat(path)).size;
}

function sourceOf(
  dependencies: DownloaderDependencies,
  direct: DirectReads,
  location: ObjectLocation,
  name: string,
): ObjectSource {
  if (location.kind === 's3') return createS3Source(dependencies.s3, location, name, direct);
  const rules = dependencies.addressRules ?? PUBLIC_ADDRESSES;
  const { extraCa, locations } = dependencies;
  return createUrlSource(location, name, { rules, extraCa, locations });
}

async function attemptUntilDone(
  { options, random = Math.random, onRetry }: DownloaderDependencies,
  source: ObjectSource,
  file: FileHandle,
  name: string,
  signal: AbortSignal | undefined,
): Promise<DownloadedObject & Pick<Progress, 'contentEncoding'>> {
  const progress: Progress = { receivedBytes: 0, etag: undefined, contentEncoding: undefined };
  for (let attempt = 0; ; attempt++) {
    try {
      await attemptOnce(options, source, file, progress, signal);
      const { receivedBytes: bytes, contentEncoding } = progress;
      return { bytes, attempts: attempt + 1, contentEncoding };
    } catch (error) {
      if (!(error instanceof AttemptFailed)) throw error;
      if (error.reason === 'changed') progress.etag = undefined;
      if (attempt === options.maxRetries) throw exhausted(error, name, attempt + 1);
      await wait(backoffMs(error, attempt, options.backoffBaseMs, random), signal);
      onRetry?.();
    }
  }
}

async function attemptOnce(
  options: DownloadOptions,
  source: ObjectSource,
  file: FileHandle,
  progress: Progress,
  signal: AbortSignal | undefined,
): Promise<void> {
  const clock = startAttemptClock(options, signal);
  const { receivedBytes, etag } = progress;
  const resume = receivedBytes > 0 && etag !== undefined ? { byte: receivedBytes, etag } : undefined;
  try {
    const opened = await source.open(resume, clock);
    await writeBody(opened, file, progress, options.maxBytes, clock);
  } finally {
    clock.stop();
  }
}

function exhausted(last: AttemptFailed, name: string, attempts: number): Error {
  const message = `Downloading ${name} failed in ${attempts} attempts, at last: ${last.message}`;
  if (last.reason === 'clock') return new DependencyUnavailable(`${message}: set the clock`, { cause: last });
  if (last.reason === 'timeout') return new DownloadTimeout(message, { cause: last });
  return new DownloadFailed(message, { cause: last });
}
