import type { ObjectHead, WriteCondition } from '../../../objects/data-path/object-store.js';
import { crc32Of, hexCrc32, isOfEntry } from './entry-mark.js';
import type { OutputOptions } from './upload-options.js';
import type { EntryToUpload, UploadOutcome } from './uploader.js';

/** What an entry's key tells: that there is nothing to do, or how it may be written. */
export type Finding = { outcome: UploadOutcome } | { condition: WriteCondition };

/** Judges what lies at an entry's key, without reading it. */
export function judge(
  head: ObjectHead | undefined,
  entry: EntryToUpload,
  { keyTaken }: Pick<OutputOptions, 'keyTaken'>,
): Finding {
  if (head === undefined) return { condition: { ifNoneMatch: '*' } };
  const crc32 = crc32Of(head);
  const ours = isOfEntry(head, entry);
  if (head.size === entry.size && crc32 === entry.crc32) {
    return { outcome: { outcome: ours ? 'uploaded' : 'skipped_equal', bytesUploaded: 0 } };
  }
  // The archive changed after this object had been made of it.
  if ((ours || keyTaken === 'replace') && head.etag !== undefined) {
    return { condition: { ifMatch: head.etag } };
  }
  return {
    outcome: {
      outcome: 'rejected',
      reason: 'key_taken',
      detail: 'the key has another object',
      stated: describe(entry.size, entry.crc32),
      found: describe(head.size, crc32),
    },
  };
}

function describe(size: number, crc32: number | undefined): string {
  return `${size} bytes, ${crc32 === undefined ? 'no CRC-32' : `CRC-32 ${hexCrc32(crc32)}`}`;
}
