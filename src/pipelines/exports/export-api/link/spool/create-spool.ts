import type { Spool } from '../open-link.js';
import type { LinkOptions } from '../ranged-link.js';
import { createDiskSpool } from './disk-spool.js';
import { createS3Spool, type S3SpoolParts } from './s3-spool.js';
import type { ScratchFolder } from './scratch-folder.js';

/** What becomes of files that cannot be read in place, by EXPORT_SPOOL; undefined refuses them. */
export function createSpool(
  kind: 's3' | 'disk' | 'refuse',
  options: LinkOptions,
  parts: S3SpoolParts & { scratch: Pick<ScratchFolder, 'path'> },
): Spool | undefined {
  if (kind === 'refuse') return undefined;
  return kind === 's3' ? createS3Spool(options, parts) : createDiskSpool(options, parts.scratch);
}
