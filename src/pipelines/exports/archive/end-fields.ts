import { FileRefused } from '../errors.js';
import { IN_ZIP64_16 } from './records.js';

/** What both end records state: the short one in fields of 16 and 32 bits, that of zip64 in wider ones. */
export interface EndFields {
  disk: number;
  directoryDisk: number;
  entriesOnDisk: number;
  entries: number;
  directorySize: number;
  directoryOffset: number;
}

export interface EndRecord extends EndFields {
  at: number;
  commentBytes: number;
}

/** Where the directory is, and where the first of the end records begins. */
export interface StatedDirectory {
  offset: number;
  size: number;
  count: number;
  end: number;
}

export const END_RECORD_BYTES = 22;
export const LOCATOR_BYTES = 20;

/** @throws FileRefused `split` */
export function onOneDisk({ disk, directoryDisk, entriesOnDisk, entries }: EndFields): void {
  if (disk !== 0 || directoryDisk !== 0) {
    const which = disk === IN_ZIP64_16 ? 'an unnamed disk' : `disk ${disk}`;
    throw new FileRefused(
      'split',
      `It is ${which} of an archive on several; the directory is on ${directoryDisk}.`,
    );
  }
  if (entriesOnDisk !== entries) {
    throw new FileRefused('split', `${entriesOnDisk} entries are stated for this disk, ${entries} in all.`);
  }
}
