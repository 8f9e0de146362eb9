// Our side: settles the file of a case as a worker does, from its link to the last object. Argument: JSON of where things are.
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { CASES } from './cases.mjs';

const { connectS3 } = await import('#vachan/objects/s3-client.js');
const { createByteBudget } = await import('#vachan/platform/byte-budget.js');
const { BASE_SETTINGS } = await import('#vachan/platform/config/base-settings.js');
const { loadSettings } = await import('#vachan/platform/config/load-settings.js');
const { archiveLimits } = await import('#vachan/pipelines/exports/archive/limits-from-settings.js');
const { createLinks } = await import('#vachan/pipelines/exports/export-api/link/create-links.js');
const { createExportSources } = await import('#vachan/pipelines/exports/export-api/sources.js');
const { EXPORTS_SETTINGS } = await import('#vachan/pipelines/exports/settings/index.js');
const { createExportState } = await import('#vachan/pipelines/exports/state/job-state.js');
const { connectUploads } = await import('#vachan/pipelines/exports/upload/connect-uploads.js');
const { objectKey } = await import('#vachan/pipelines/exports/work/object-key.js');
const { createFileWork } = await import('#vachan/pipelines/exports/work/settle-file.js');

const { api, sink, name, quick } = JSON.parse(process.argv[2]);
Object.assign(process.env, {
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  AWS_REGION: 'us-east-1',
});
const settings = loadSettings(
  {
    ...{ AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL: sink.url, TEMPORAL_ADDRESS: '127.0.0.1:7233' },
    ...{ EXPORT_API_URL: api.url, EXPORT_API_TOKEN: api.token, EXPORT_PRIVATE_HOSTS: new URL(api.url).host },
    ...{ EXPORT_OUTPUT_PREFIX: 's3://bench/out', EXPORT_STATE_PREFIX: 's3://bench/state' },
    ...{ EXPORT_METADATA_TABLE: 'bench', EXPORT_JOBS_QUEUE_URL: `${sink.url}/1/jobs` },
    DOWNLOAD_TASKS_QUEUE_URL: `${sink.url}/1/tasks`,
  },
  BASE_SETTINGS,
  EXPORTS_SETTINGS,
);
// As DynamoDB would answer; how long that takes is another matter.
const sizes = CASES[name].content(quick).sizes();
const rows = new Map(sizes.map(([entry, size]) => [entry, { size }]));
const metadata = {
  find: (_job, names) => Promise.resolve(new Map(names.map((entry) => [entry, rows.get(entry)]))),
};
const s3 = connectS3(settings);
const budget = createByteBudget(settings.EXPORT_BUFFER_BYTES);
const sources = createExportSources(settings);
const links = createLinks(settings, sources, () => undefined);
const state = createExportState(s3, settings.EXPORT_STATE_PREFIX);
const { uploader } = connectUploads(settings, { s3, state, budget });
const settle = createFileWork({
  open: (job, file, signal) => links.open(job, file, signal),
  keyOf: (job, entry, targetKey) => objectKey(settings.EXPORT_OUTPUT_PREFIX, job, entry, targetKey),
  limits: archiveLimits(settings),
  ...{ metadata, uploader, budget },
});
const controls = {
  signal: new AbortController().signal,
  shouldYield: () => false,
  onProgress: () => undefined,
};
console.log(JSON.stringify({ ready: { node: process.versions.node } }));

for await (const asked of createInterface({ input: process.stdin })) {
  if (asked === 'quit') break;
  // The peak of what follows, not of loading and compiling.
  writeFileSync('/proc/self/clear_refs', '5');
  const cpu = process.cpuUsage();
  const started = performance.now();
  const { fragment } = await settle(
    { source: 'default', export_id: name },
    { ordinal: 0, file_id: 'file', name: `${name}.zip` },
    controls,
  );
  const wallSeconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  const { state: ended, reason, entries } = fragment;
  console.log(
    JSON.stringify({
      wallSeconds,
      cpuSeconds: (user + system) / 1e6,
      peakMib: peak === undefined ? undefined : Number(peak) / 1024,
      ended: reason ?? ended,
      uploaded: entries.uploaded,
    }),
  );
}
process.exit(0);
