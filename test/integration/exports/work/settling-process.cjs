// Settles one file as a worker does and says with how much memory. Argument: JSON of what it needs.
const { readFileSync } = require('node:fs');
const { connectS3 } = require('#vachan/objects/s3-client.js');
const { createByteBudget } = require('#vachan/platform/byte-budget.js');
const { BASE_SETTINGS } = require('#vachan/platform/config/base-settings.js');
const { loadSettings } = require('#vachan/platform/config/load-settings.js');
const { archiveLimits } = require('#vachan/pipelines/exports/archive/limits-from-settings.js');
const { createLinks } = require('#vachan/pipelines/exports/export-api/link/create-links.js');
const { createExportSources } = require('#vachan/pipelines/exports/export-api/sources.js');
const { EXPORTS_SETTINGS } = require('#vachan/pipelines/exports/settings/index.js');
const { createExportState } = require('#vachan/pipelines/exports/state/job-state.js');
const { connectUploads } = require('#vachan/pipelines/exports/upload/connect-uploads.js');
const { objectKey } = require('#vachan/pipelines/exports/work/object-key.js');
const { createFileWork } = require('#vachan/pipelines/exports/work/settle-file.js');

const { env, exportId, sizes } = JSON.parse(process.argv[2]);
const settings = loadSettings(env, BASE_SETTINGS, EXPORTS_SETTINGS);
const s3 = connectS3(settings);
const budget = createByteBudget(settings.EXPORT_BUFFER_BYTES);
const links = createLinks(settings, createExportSources(settings), () => undefined);
const state = createExportState(s3, settings.EXPORT_STATE_PREFIX);
const settle = createFileWork({
  open: (job, file, signal) => links.open(job, file, signal),
  keyOf: (job, entry, targetKey) => objectKey(settings.EXPORT_OUTPUT_PREFIX, job, entry, targetKey),
  limits: archiveLimits(settings),
  metadata: {
    find: async (_job, names) => new Map(names.map((name) => [name, { size: sizes[name] }])),
  },
  uploader: connectUploads(settings, { s3, state, budget }).uploader,
  budget,
});

async function main() {
  const { fragment } = await settle(
    { source: 'default', export_id: exportId },
    { ordinal: 0, file_id: 'f', name: 'f.zip' },
    { signal: new AbortController().signal, shouldYield: () => false, onProgress: () => undefined },
  );
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  console.log(JSON.stringify({ fragment, peakBytes: Number(peak) * 1024 }));
}
main().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
