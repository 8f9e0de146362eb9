import { encodeExportId } from '#vachan/pipelines/exports/contract/job-ref.js';
import type { ManifestRow, RejectRow } from '#vachan/pipelines/exports/contract/result.js';
import type { ExportsRemains } from '#tools/exports/exports-verdict.js';
import type { ExportsWorld, FoundJob } from '#tools/exports/read-world.js';
import type { SeededEntry, SeededFile, SeededJob } from '#tools/exports/seeded-job.js';
import { filesOf, keyOf, truthOf } from '#tools/exports/truth.js';
import type { SeenEvent } from '#tools/exports/wire-log.js';

export const EMPTY = { visible: 0, in_flight: 0, delayed: 0 };
const AT = { bucket: 'bucket', outputPrefix: 'out', statePrefix: 'state' };

export interface SoundWorld extends ExportsRemains {
  events: SeenEvent[];
  found: (exportId: string) => FoundJob;
}

export const written = (key: string): SeenEvent => ({ write: { bucket: AT.bucket, key, stored: true } });

/** What a service without faults leaves of these jobs, and what passed meanwhile. */
export function soundWorld(jobs: readonly SeededJob[]): SoundWorld {
  const world: ExportsWorld = {
    ...{
      at: AT,
      objects: new Map(),
      openUploads: [],
      leftInState: [],
      queues: { jobs: EMPTY, tasks: EMPTY },
    },
    deadLetters: {
      jobs: [],
      tasks: jobs.filter(({ dies }) => dies).map(({ ref }) => JSON.stringify({ ...ref, files: [] })),
    },
    jobOf: (ref) => found.get(nameOf(ref))!,
  };
  const events: SeenEvent[] = [];
  const found = new Map(jobs.map((job) => [nameOf(job.ref), foundOf(job, world.objects, events)]));
  return {
    ...{ world, events },
    found: (exportId) => found.get(nameOf(jobs.find(({ ref }) => ref.export_id === exportId)!.ref))!,
  };
}

const nameOf = ({ source, export_id: id }: SeededJob['ref']): string => `${source} ${id}`;

function foundOf(job: SeededJob, objects: ExportsWorld['objects'], events: SeenEvent[]): FoundJob {
  const { ref, missing } = job;
  const files = filesOf(job);
  const manifest: ManifestRow[] = [];
  const rejects: RejectRow[] = [];
  files.forEach((file, ordinal) => {
    const row = { file_id: file.id, file_name: file.name, ordinal };
    if (file.expected !== 'settled') rejects.push({ ...row, entry: null, reason: file.expected[0]! });
    else for (const entry of file.entries) settle(job, entry, row, { objects, events, manifest, rejects });
    const prefix = `${AT.statePrefix}/${ref.source}/${encodeExportId(ref.export_id)}/files/`;
    events.push(written(`${prefix}${String(ordinal).padStart(7, '0')}.json`));
    if (job.dies !== true) events.push({ deleted: JSON.stringify({ ...ref, files: [{ ordinal }] }) });
  });
  const failed = files.filter(({ expected }) => expected !== 'settled');
  const rows = [...missing, ...unreadNames(files)].map((entry) => ({ entry }));
  const refused = rejects.filter(({ entry }) => entry !== null);
  return {
    ...{ manifest, rejects, missing: rows },
    result: {
      ...{ state: stateOf(job, manifest.length, rejects.length + rows.length), attempt: job.attempt },
      ...(job.reason && { reason: job.reason }),
      files: { listed: files.length, settled: files.length - failed.length, failed: failed.length },
      entries: {
        uploaded: manifest.filter(({ outcome }) => outcome === 'uploaded').length,
        skipped_equal: manifest.filter(({ outcome }) => outcome === 'skipped_equal').length,
        ...{ rejected: refused.length, missing: rows.length },
      },
      rejected_by_reason: Object.fromEntries(
        refused.map(({ reason }) => [reason, refused.filter((other) => other.reason === reason).length]),
      ),
    } as FoundJob['result'],
  };
}

function settle(
  job: SeededJob,
  entry: SeededEntry,
  row: Pick<ManifestRow, 'file_id' | 'file_name' | 'ordinal'>,
  {
    objects,
    events,
    manifest,
    rejects,
  }: { objects: ExportsWorld['objects']; events: SeenEvent[]; manifest: ManifestRow[]; rejects: RejectRow[] },
): void {
  if (typeof entry.expected !== 'string') {
    rejects.push({ ...row, entry: entry.name, reason: entry.expected[0]! });
    return;
  }
  const key = keyOf(job, entry);
  const truth = truthOf(entry);
  const there = objects.get(key);
  if (there !== undefined && (there.size !== truth.size || there.crc32 !== truth.crc32)) {
    rejects.push({ ...row, entry: entry.name, reason: 'key_taken' });
    return;
  }
  if (there === undefined) {
    objects.set(key, { ...truth });
    events.push(written(`${AT.outputPrefix}/${key}`));
  }
  manifest.push({
    ...{ ...row, ...truth, key: `${AT.outputPrefix}/${key}`, entry: entry.name },
    outcome: there === undefined ? 'uploaded' : 'skipped_equal',
  });
}

/** Of rivals the first one is there, and so the end of some jobs is decided only here. */
function stateOf(job: SeededJob, placed: number, told: number): SeededJob['state'] {
  if (job.orState === undefined || job.state === 'cancelled') return job.orState ?? job.state;
  return told === 0 ? 'succeeded' : placed > 0 ? 'partial' : 'failed';
}

function unreadNames(files: readonly SeededFile[]): string[] {
  const read = files.filter(({ expected }) => expected === 'settled').flatMap(({ entries }) => entries);
  return files
    .filter(({ expected }) => expected !== 'settled')
    .flatMap(({ entries }) => entries)
    .filter(({ name, metadataSize }) => metadataSize !== null && !read.some((other) => other.name === name))
    .map(({ name }) => name);
}
