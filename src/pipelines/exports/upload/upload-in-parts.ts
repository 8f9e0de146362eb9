import type {
  ChecksumType,
  ObjectStore,
  StoredPart,
  UploadRef,
  WriteCondition,
} from '../../../objects/data-path/object-store.js';
import { combineCrc32 } from '../../../objects/data-path/crc32-combine.js';
import { ChecksumRefused, UploadNotFound } from '../../../objects/write-errors.js';
import { EntryRefused } from '../errors.js';
import { startDigestCheck } from './digest-check.js';
import { attributesOf } from './entry-mark.js';
import { fitsPlan, missingParts, planParts, type PlannedPart } from './part-plan.js';
import { sendParts, type PartsDependencies } from './send-parts.js';
import type { OutputOptions } from './upload-options.js';
import { isResumable, type UploadRecords } from './upload-records.js';
import type { EntryToUpload, UploadControls, UploadOutcome } from './uploader.js';
import { isLostRace, isSpoilt } from './write-failures.js';

export interface UploadInPartsDependencies extends PartsDependencies {
  store: ObjectStore;
  records: UploadRecords;
  output: OutputOptions;
}

/**
 * Writes a large entry in parts, from where a recorded upload of the same bytes stopped. The record lasts as long as the upload.
 *
 * @throws UploadYielded, and DependencyUnavailable, with the record kept
 * @throws PreconditionFailed, WriteConflict; UploadNotFound, ChecksumRefused, PartsRefused, with nothing left of the upload
 * @throws EntryRefused from the content, likewise
 */
export async function uploadInParts(
  dependencies: UploadInPartsDependencies,
  entry: EntryToUpload,
  condition: WriteCondition,
  controls: UploadControls,
): Promise<UploadOutcome> {
  const { store, records } = dependencies;
  const plan = planParts(entry.size);
  const { upload, stored, checksumType } = await resumeOrBegin(dependencies, entry, plan, controls.signal);
  try {
    const digest = startDigestCheck(entry);
    const missing = missingParts(plan, stored);
    const sent = await sendParts(dependencies, upload, entry, missing, digest, controls);
    const refusal = digest.verdict();
    if (refusal !== undefined) {
      await forgetUpload(dependencies, entry, upload);
      return refusal;
    }
    const parts = [...stored, ...sent].sort((a, b) => a.partNumber - b.partNumber);
    checkWhole(entry, parts);
    const { crc32, size } = entry;
    await store.completeUpload(upload, parts, { crc32, checksumType, size, condition }, controls.signal);
    await records.remove(entry, controls.signal);
    return { outcome: 'uploaded', bytesUploaded: sent.reduce((sum, part) => sum + part.size, 0) };
  } catch (error) {
    // Nothing can come of it any more: it begins again, or its entry is refused.
    if (error instanceof EntryRefused || isLostRace(error) || isSpoilt(error))
      await forgetUpload(dependencies, entry, upload);
    throw error;
  }
}

/** Lets go of what an earlier try has left, where the object is in place by other means. */
export async function forgetRecorded(
  dependencies: Pick<UploadInPartsDependencies, 'store' | 'records' | 'output'>,
  entry: EntryToUpload,
  signal: AbortSignal,
): Promise<void> {
  const record = await dependencies.records.of(entry, signal);
  if (record === undefined) return;
  const { upload_id: uploadId, key } = record;
  await forgetUpload(dependencies, entry, { bucket: dependencies.output.bucket, key, uploadId }, signal);
}

async function resumeOrBegin(
  dependencies: UploadInPartsDependencies,
  entry: EntryToUpload,
  plan: readonly PlannedPart[],
  signal: AbortSignal,
): Promise<{ upload: UploadRef; stored: StoredPart[]; checksumType: ChecksumType }> {
  const { store, records, output } = dependencies;
  const { bucket } = output;
  const record = await records.of(entry, signal);
  if (record !== undefined) {
    const upload = { bucket, key: record.key, uploadId: record.upload_id };
    const stored = isResumable(record, entry) ? await partsOf(store, upload, signal) : undefined;
    if (stored !== undefined && fitsPlan(plan, stored))
      return { upload, stored, checksumType: record.checksum_type };
    await forgetUpload(dependencies, entry, upload, signal);
  }
  const object = { bucket, key: entry.key };
  const begun = await store.createUpload(object, attributesOf(entry, output), signal);
  await records.write(entry, begun, signal);
  const { uploadId, checksumType } = begun;
  return { upload: { ...object, uploadId }, stored: [], checksumType };
}

/** Undefined when the upload is gone: a completed one has been seen before, at its key. */
async function partsOf(
  store: ObjectStore,
  upload: UploadRef,
  signal: AbortSignal,
): Promise<StoredPart[] | undefined> {
  try {
    return await store.listParts(upload, signal);
  } catch (error) {
    if (error instanceof UploadNotFound) return undefined;
    throw error;
  }
}

/** The whole by its parts: content that was read in two tries is held against its CRC-32 here, not only by the store. */
function checkWhole(entry: EntryToUpload, parts: readonly StoredPart[]): void {
  let whole = 0;
  for (const { crc32, size } of parts) {
    if (crc32 === undefined) return;
    whole = combineCrc32(whole, crc32, size);
  }
  if (whole !== entry.crc32 >>> 0) throw new ChecksumRefused('The parts have another CRC-32 than the entry');
}

/** Without a signal of its caller's, an upload that is over is let go of in any case; the limits of requests bound it. */
async function forgetUpload(
  { store, records }: Pick<UploadInPartsDependencies, 'store' | 'records'>,
  entry: EntryToUpload,
  upload: UploadRef,
  signal?: AbortSignal,
): Promise<void> {
  await store.abortUpload(upload, signal);
  await records.remove(entry, signal);
}
