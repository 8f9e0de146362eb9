import { archiveLimits } from '../archive/limits-from-settings.js';
import type { Environment } from '../../../platform/config/environment.js';
import { loadSettings } from '../../../platform/config/load-settings.js';
import { AWS_SETTINGS } from '../../../platform/config/settings/aws-settings.js';
import { PROCESS_SETTINGS } from '../../../platform/config/settings/process-settings.js';
import { pick } from '../../../platform/config/settings-table.js';
import { createExportSources } from '../export-api/sources.js';
import type { ExportSource } from '../export-api/export-source.js';
import { createMetadataStore } from '../metadata/create-metadata-store.js';
import { createLinks } from '../export-api/link/create-links.js';
import { createDiskSpool } from '../export-api/link/spool/disk-spool.js';
import { createScratchFolder } from '../export-api/link/spool/scratch-folder.js';
import { EXPORT_API_SETTINGS, EXPORT_DOWNLOAD_SETTINGS } from '../settings/api-settings.js';
import {
  EXPORT_ARCHIVE_SETTINGS,
  EXPORT_METADATA_SETTINGS,
  EXPORT_STORAGE_SETTINGS,
} from '../settings/storage-settings.js';
import { objectKey } from '../work/object-key.js';
import { createFilePlan, type PlanFile } from '../work/plan-file.js';

/** What a dry run reaches. */
export interface Plans {
  source: (name: string) => ExportSource;
  plan: PlanFile;
  close: () => Promise<void>;
}

/** @throws ConfigurationError */
export function openPlans(environment: Environment): Plans {
  const config = loadSettings(
    environment,
    AWS_SETTINGS,
    pick(PROCESS_SETTINGS, 'SCRATCH_PATH'),
    EXPORT_API_SETTINGS,
    EXPORT_DOWNLOAD_SETTINGS,
    EXPORT_METADATA_SETTINGS,
    EXPORT_ARCHIVE_SETTINGS,
    // No object is written or looked at, but the plan says its key.
    pick(EXPORT_STORAGE_SETTINGS, 'EXPORT_OUTPUT_PREFIX'),
  );
  const sources = createExportSources(config);
  const metadata = createMetadataStore(config);
  // Whatever EXPORT_SPOOL says: a dry run writes nothing that others see.
  const scratch = createScratchFolder(config.SCRATCH_PATH);
  const files = createLinks(config, sources, (links) => createDiskSpool(links, scratch));
  return {
    source: (name) => sources.of(name),
    plan: createFilePlan({
      open: (job, file, signal) => files.open(job, file, signal),
      metadata,
      keyOf: (job, name, targetKey) => objectKey(config.EXPORT_OUTPUT_PREFIX, job, name, targetKey),
      limits: archiveLimits(config),
    }),
    close: async () => {
      files.close();
      metadata.close();
      sources.close();
      await scratch.remove();
    },
  };
}
