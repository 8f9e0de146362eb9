import { ObjectError, ObjectNotFound } from '../../../objects/errors.js';
import type { WriteCondition } from '../../../objects/data-path/object-store.js';
import { DependencyUnavailable } from '../../../platform/errors.js';
import { fullJitterMs } from '../../../platform/time/backoff.js';
import { wait } from '../../../platform/time/wait.js';
import { UploadYielded } from '../errors.js';
import { abortRecorded } from './abort-recorded.js';
import { createLookFirst } from './look-first.js';
import { sendWhole } from './send-whole.js';
import { judge, type Finding } from './taken-key.js';
import { forgetRecorded, uploadInParts, type UploadInPartsDependencies } from './upload-in-parts.js';
import { PART_BYTES } from './upload-options.js';
import type { EntryToUpload, UploadControls, Uploader, UploadOutcome } from './uploader.js';
import { isLostRace, isSpoilt } from './write-failures.js';

/** Writers of one key take turns at most a few times: each one that wins leaves an object that decides. */
const MAX_LOST_RACES = 5;
const RACE_BACKOFF = { baseMs: 100, maxMs: 2_000 };

/** Makes objects of entries, once each, however often it is asked. */
export function createUploader(dependencies: UploadInPartsDependencies): Uploader {
  const lookFirst = createLookFirst();

  async function look(entry: EntryToUpload, signal: AbortSignal): Promise<Finding> {
    const { store, output } = dependencies;
    const head = await store.head({ bucket: output.bucket, key: entry.key }, signal);
    lookFirst.found(entry, head !== undefined);
    return judge(head, entry, output);
  }

  async function send(
    entry: EntryToUpload,
    condition: WriteCondition,
    controls: UploadControls,
  ): Promise<UploadOutcome> {
    if (controls.shouldYield()) throw new UploadYielded('The upload did not begin, as it was asked to stop');
    if (isSmall(entry)) return sendWhole(dependencies, entry, condition, controls);
    return uploadInParts(dependencies, entry, condition, controls);
  }

  async function upload(entry: EntryToUpload, controls: UploadControls): Promise<UploadOutcome> {
    const { signal } = controls;
    let hasBegunAgain = false;
    let finding: Finding =
      isSmall(entry) && !lookFirst.shouldLook(entry)
        ? { condition: { ifNoneMatch: '*' } }
        : await look(entry, signal);
    for (let lostRaces = 0; ;) {
      if ('outcome' in finding) {
        if (!isSmall(entry)) await forgetRecorded(dependencies, entry, signal);
        return finding.outcome;
      }
      try {
        return await send(entry, finding.condition, controls);
      } catch (error) {
        // An object that was to be replaced is gone.
        const isGone = error instanceof ObjectNotFound && 'ifMatch' in finding.condition;
        if (isGone || isLostRace(error)) {
          if (++lostRaces > MAX_LOST_RACES) throw unavailable(error);
          if (lostRaces > 1) await wait(fullJitterMs(lostRaces, RACE_BACKOFF), signal);
        } else if (isSpoilt(error)) {
          if (hasBegunAgain) throw unavailable(error);
          hasBegunAgain = true;
        } else {
          throw error;
        }
        finding = await look(entry, signal);
      }
    }
  }

  return {
    upload: (entry, controls) => onStore(() => upload(entry, controls)),
    inPlace: (entry, signal) =>
      onStore(async () => {
        const finding = await look(entry, signal);
        return 'outcome' in finding ? finding.outcome : undefined;
      }),
    abortRecorded: async (job, signal) => (await abortRecorded(dependencies, job, undefined, signal)).size,
  };
}

/** What the store refuses is the bucket's or this process's matter, never the entry's. */
async function onStore<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof ObjectError ? unavailable(error) : error;
  }
}

function isSmall({ size }: EntryToUpload): boolean {
  return size <= PART_BYTES;
}

function unavailable(cause: unknown): DependencyUnavailable {
  const why = cause instanceof Error ? cause.message : 'unknown error';
  return new DependencyUnavailable(`An object could not be written: ${why}`, { cause });
}
