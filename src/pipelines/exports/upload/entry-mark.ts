import type { ObjectAttributes, ObjectHead } from '../../../objects/data-path/object-store.js';
import { encodeExportId } from '../contract/job-ref.js';
import type { OutputOptions } from './upload-options.js';
import type { EntryToUpload } from './uploader.js';

/** Metadata of every object: the CRC-32 of its content, the entry that it was made of, and which archive had that. */
const CRC32_NAME = 'vachan-crc32';
const ENTRY_NAME = 'vachan-entry';
const ARCHIVE_NAME = 'vachan-archive';

/** `<source>/<export id, encoded>/<ordinal>/`, which begins the marks of all entries of a file: metadata of S3 is ASCII. */
function fileMark({ job, ordinal }: EntryToUpload): string {
  return `${job.source}/${encodeExportId(job.export_id)}/${ordinal}/`;
}

export function attributesOf(entry: EntryToUpload, output: OutputOptions): ObjectAttributes {
  const { kmsKey, storageClass, tags } = output;
  const metadata = {
    [CRC32_NAME]: hexCrc32(entry.crc32),
    [ENTRY_NAME]: `${fileMark(entry)}${entry.n}`,
    [ARCHIVE_NAME]: entry.archiveTag,
  };
  return { contentType: entry.contentType, metadata, kmsKey, storageClass, tags };
}

/**
 * Whether an object was made of this entry, or of its file as that was before: in a replaced archive entries may have other places. Of one
 * archive two entries may have one key; the object of one is not the other's.
 */
export function isOfEntry({ metadata }: ObjectHead, entry: EntryToUpload): boolean {
  const { [ENTRY_NAME]: mark = '', [ARCHIVE_NAME]: archive } = metadata;
  if (!mark.startsWith(fileMark(entry))) return false;
  if (mark === `${fileMark(entry)}${entry.n}`) return true;
  return archive !== undefined && archive !== entry.archiveTag;
}

/** What the store itself computed, else what the object was stored with; undefined where there is neither. */
export function crc32Of({ crc32, metadata }: ObjectHead): number | undefined {
  if (crc32 !== undefined) return crc32;
  const stated = metadata[CRC32_NAME];
  return stated !== undefined && /^[0-9a-f]{8}$/.test(stated) ? Number.parseInt(stated, 16) : undefined;
}

export function hexCrc32(crc32: number): string {
  return (crc32 >>> 0).toString(16).padStart(8, '0');
}
