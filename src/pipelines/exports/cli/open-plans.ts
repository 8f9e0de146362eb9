import { archiveLimits } from '../archive/limits-from-settings.js';
import { BASE_SETTINGS } from '../../../platform/config/base-settings.js';
import type { Environment } from '../../../platform/config/environment.js';
import { loadSettings } from '../../../platform/config/load-settings.js';
import { createExportSources } from '../export-api/sources.js';
import type { ExportSource } from '../export-api/export-source.js';
import { createMetadataStore } from '../metadata/create-metadata-store.js';
import { createLinks } from '../export-api/link/create-links.js';
import { createDiskSpool } from '../export-api/link/spool/disk-spool.js';
import { createScratchFolder } from '../export-api/link/spool/scratch-folder.js';
import { EXPORTS_SETTINGS } from '../settings/index.js';
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
  const config = loadSettings(environment, BASE_SETTINGS, EXPORTS_SETTINGS);
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
