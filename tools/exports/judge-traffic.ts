import { jobKeys } from '#vachan/pipelines/exports/state/keys.js';
import type { ExportsVerdict } from './complaints.js';
import type { ExportsWorld } from './read-world.js';
import type { SeededJob } from './seeded-job.js';
import type { SeenEvent } from './wire-log.js';

interface TaskBody {
  source: string;
  export_id: string;
  files: { ordinal: number }[];
}

/** Of a key: writes that were carried out, and where among all events the first one is that may have been. */
interface SeenKey {
  times: number;
  firstAt: number;
}

/** What one attempt writes once: pages of the listing, and fragments. */
const ONCE = /\/(listing\/\d+\.ndjson|files\/\d+\.json)$/;

/**
 * What the end alone does not show: whether a key was written twice with the same bytes, a file settled before its objects were
 * there, or a task's message deleted before its files were settled. The job heals the last one, unless something dies.
 */
export function judgeTraffic(
  jobs: readonly SeededJob[],
  world: ExportsWorld,
  events: readonly SeenEvent[],
  { doubled, wrong }: ExportsVerdict,
): void {
  const { at } = world;
  const seen = new Map<string, SeenKey>();
  events.forEach((event, index) => {
    if ('deleted' in event) {
      wrong.push(...deletedTooEarly(event.deleted, at, (key) => seen.has(key)));
    } else if (event.write.bucket === at.bucket) {
      const { key, stored } = event.write;
      const one = seen.get(key) ?? { times: 0, firstAt: index };
      seen.set(key, { ...one, times: one.times + (stored === true ? 1 : 0) });
    }
  });
  for (const job of jobs) wrong.push(...settledTooEarly(job, world, seen));
  const again = jobs
    .filter((job) => job.attempt > 1 || job.state === 'failed')
    .map(({ ref }) => keysOf(at, ref).folder);
  for (const [key, { times }] of seen) {
    if (times < 2) continue;
    const isObject = key.startsWith(`${at.outputPrefix}/`);
    const isOfOneAttempt = ONCE.test(key) && !again.some((folder) => key.startsWith(folder));
    if (isObject || isOfOneAttempt) doubled.push(`${key} was written ${times} times`);
  }
}

const keysOf = (
  { bucket, statePrefix: prefix }: ExportsWorld['at'],
  ref: SeededJob['ref'],
): ReturnType<typeof jobKeys> => jobKeys({ bucket, prefix }, ref);

function deletedTooEarly(
  body: string,
  at: ExportsWorld['at'],
  isWritten: (key: string) => boolean,
): string[] {
  const task = readTask(body);
  if (task === undefined) return [];
  const keys = keysOf(at, task);
  const open = task.files.filter(({ ordinal }) => !isWritten(keys.fragment(ordinal)));
  if (open.length === 0 || isWritten(keys.cancelled)) return [];
  return [
    `a task of ${task.source}/${task.export_id} was deleted before ${open.length} of its files were settled`,
  ];
}

/** Objects of a job's manifest that came after the fragment of their file. */
function settledTooEarly(
  { ref, kind }: SeededJob,
  { at, jobOf }: ExportsWorld,
  seen: ReadonlyMap<string, SeenKey>,
): string[] {
  const keys = keysOf(at, ref);
  return jobOf(ref).manifest.flatMap(({ key, ordinal, entry }) => {
    const settledAt = seen.get(keys.fragment(ordinal))?.firstAt ?? Infinity;
    const writtenAt = seen.get(key)?.firstAt ?? -Infinity;
    if (writtenAt < settledAt) return [];
    return [
      `${ref.source}/${ref.export_id} (${kind}): file ${ordinal} was settled before ${entry} was there`,
    ];
  });
}

/** Undefined for a message of another queue. */
function readTask(body: string): TaskBody | undefined {
  try {
    const read = JSON.parse(body) as Partial<TaskBody>;
    return read.files === undefined ? undefined : (read as TaskBody);
  } catch {
    return undefined;
  }
}
