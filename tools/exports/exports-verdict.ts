import { noComplaints, type ExportsVerdict } from './complaints.js';
import { judgeJob } from './judge-job.js';
import { judgeTraffic } from './judge-traffic.js';
import type { ExportsWorld, FoundObject } from './read-world.js';
import type { SeededJob } from './seeded-job.js';
import { entriesByKey, truthOf, type PlacedEntry } from './truth.js';
import type { SeenEvent } from './wire-log.js';

/** What a run has left, and what passed meanwhile. */
export interface ExportsRemains {
  world: ExportsWorld;
  /** Default: nobody looked. */
  events?: readonly SeenEvent[];
  /** Bodies that were sent to the jobs' queue although they are no messages. */
  malformed?: readonly string[];
}

/**
 * Holds what a run has left against what the API served and the table says. It shares the names of keys with the system, and no rule.
 *
 * Messages, tasks and processes may come again and die half-way, so that it does not count them. It asks: does every job end once
 * and tell all of it, is every object the one that was served, and is nothing there that nobody seeded?
 */
export function judgeExports(jobs: readonly SeededJob[], remains: ExportsRemains): ExportsVerdict {
  const { world, events = [], malformed = [] } = remains;
  const entries = entriesByKey(jobs);
  const verdict = noComplaints();
  const accounted = new Set<string>();
  for (const job of jobs) {
    const found = judgeJob(
      job,
      world,
      (key) => winnersOf(entries.get(key) ?? [], world.objects.get(key)),
      accounted,
    );
    const name = `${job.ref.source}/${job.ref.export_id} (${job.kind})`;
    for (const key of ['lost', 'doubled', 'wrong', 'orphaned'] as const)
      verdict[key].push(...found[key].map((complaint) => `${name}: ${complaint}`));
  }
  judgeObjects(world, entries, accounted, verdict);
  judgeQueues(jobs, world, malformed, verdict);
  judgeTraffic(jobs, world, events, verdict);
  for (const key of world.openUploads) verdict.orphaned.push(`an upload of ${key} was left open`);
  for (const key of world.leftInState) verdict.orphaned.push(`${key} was left in the state`);
  return verdict;
}

/** All of it in one list. */
export function exportsDifferences(jobs: readonly SeededJob[], remains: ExportsRemains): string[] {
  const { lost, doubled, wrong, orphaned } = judgeExports(jobs, remains);
  return [...lost, ...doubled, ...wrong, ...orphaned];
}

/** Of the entries of one key, those whose content lies there. */
function winnersOf(entries: readonly PlacedEntry[], object: FoundObject | undefined): PlacedEntry[] {
  if (object === undefined) return [];
  return entries.filter(({ entry }) => isSame(truthOf(entry), object));
}

function isSame(one: FoundObject, other: FoundObject): boolean {
  return one.size === other.size && one.crc32 === other.crc32;
}

/** Objects that no manifest tells of are somebody's only where a job or file ended before its work did. */
function judgeObjects(
  { objects }: ExportsWorld,
  entries: ReadonlyMap<string, readonly PlacedEntry[]>,
  accounted: ReadonlySet<string>,
  verdict: ExportsVerdict,
): void {
  for (const [key, object] of objects) {
    if (accounted.has(key)) continue;
    const wanted = entries.get(key) ?? [];
    if (winnersOf(wanted, object).length === 0)
      verdict.wrong.push(`the object ${key} of ${object.size} bytes belongs to no entry`);
    else if (!wanted.some(({ job, file }) => job.state === 'cancelled' || file.expected !== 'settled'))
      verdict.lost.push(`no manifest tells of the object ${key}`);
  }
}

function judgeQueues(
  jobs: readonly SeededJob[],
  { queues, deadLetters }: ExportsWorld,
  malformed: readonly string[],
  { wrong }: ExportsVerdict,
): void {
  for (const [name, { visible, in_flight: inFlight, delayed }] of Object.entries(queues))
    if (visible + inFlight + delayed > 0)
      wrong.push(`the queue of ${name} still has ${visible + inFlight + delayed} messages`);
  // A copy that was sent and not heard of is sent again.
  const deadJobs = [...new Set(deadLetters.jobs)].sort();
  if (JSON.stringify(deadJobs) !== JSON.stringify([...malformed].sort()))
    wrong.push(`the dead letters of jobs are ${deadJobs.join()} instead of ${malformed.join()}`);
  const dead = deadLetters.tasks.map((body) => (JSON.parse(body) as { export_id?: string }).export_id);
  const found = JSON.stringify([...new Set(dead)].sort());
  const meant = JSON.stringify(jobs.flatMap(({ dies, ref }) => (dies ? [ref.export_id] : [])).sort());
  if (found !== meant) wrong.push(`tasks of ${found} are dead letters instead of ${meant}`);
}
