import { archiveLimits } from '../archive/limits-from-settings.js';
import { objectKey } from '../work/object-key.js';
import { createFileWork, type SettleFile } from '../work/settle-file.js';
import type { ExportParts } from './parts.js';

/** The work on one file, with the clients of this process. */
export function createSettleFile({
  config,
  dependencies,
}: Pick<ExportParts, 'config' | 'dependencies'>): SettleFile {
  const { metadata, uploader, budget, files } = dependencies;
  return createFileWork({
    open: (job, file, signal) => files.open(job, file, signal),
    metadata,
    uploader,
    budget,
    limits: archiveLimits(config),
    keyOf: (job, name, targetKey) => objectKey(config.EXPORT_OUTPUT_PREFIX, job, name, targetKey),
  });
}
