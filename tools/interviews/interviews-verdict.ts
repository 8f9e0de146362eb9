import { JOB_STATUS } from '#vachan/pipelines/interviews/contract/job.js';
import type { Delivery } from '../webhook-receiver/start-receiver.js';
import { judgeEvents } from './judge-events.js';
import { judgeMeasures } from './judge-measures.js';
import type { ExpectedOutcome } from './media/expected-outcome.js';
import type { FoundJob, InterviewsWorld } from './read-world.js';
import type { SeededInterview, SeededMedium } from './seeded-interview.js';

/** What a run has left, and what the receiver heard. */
export interface InterviewsRemains {
  world: InterviewsWorld;
  deliveries: readonly Delivery[];
  /** Of what lies in S3 now, by key, with quotes as S3 gives them or without. */
  etags: ReadonlyMap<string, string>;
}

/**
 * Holds what a run has left against what was seeded. It shares names with the system, and no rule.
 *
 * Processes may die and jobs be begun again, so that it does not count attempts. It asks: is each job in exactly the one end
 * that its medium has, has a completed medium one current result, and was each interview's end told once?
 */
export function judgeInterviews(
  interviews: readonly SeededInterview[],
  { world, deliveries, etags }: InterviewsRemains,
): string[] {
  const differences: string[] = [];
  const accounted = new Set<string>();
  for (const interview of interviews) {
    const tell = (complaint: string): void =>
      void differences.push(`${interview.id} (${interview.kind}): ${complaint}`);
    if (interview.isErased === true) {
      for (const complaint of judgeErased(interview, world)) tell(complaint);
      continue;
    }
    for (const medium of interview.media) {
      const found = world.jobs.filter(
        ({ interview_id: id, key, interview_type: type }) =>
          id === interview.id && key === medium.key && type === medium.type,
      );
      for (const { _id: id } of found) accounted.add(id);
      for (const complaint of judgeMedium(medium, found, world, etags)) tell(`${medium.type}: ${complaint}`);
    }
    for (const complaint of judgeEvents(interview, world, deliveries)) tell(complaint);
  }
  for (const { _id: id } of world.jobs)
    if (!accounted.has(id)) differences.push(`the job ${id} is of nothing that was seeded`);
  differences.push(...judgeRest(interviews, world, deliveries));
  return differences;
}

/** Of what was erased there is nothing, whatever was known when. */
function judgeErased({ id }: SeededInterview, { jobs, results, events }: InterviewsWorld): string[] {
  const left = { jobs, results, events };
  return Object.entries(left).flatMap(([name, rows]) => {
    const own = (rows as readonly { interview_id: string }[]).filter((row) => row.interview_id === id);
    return own.length === 0 ? [] : [`${own.length} of its ${name} are left although it was erased`];
  });
}

function judgeMedium(
  medium: SeededMedium,
  [job, ...more]: readonly FoundJob[],
  world: InterviewsWorld,
  etags: ReadonlyMap<string, string>,
): string[] {
  if (job === undefined) return ['it has no job'];
  if (more.length > 0) return [`it has ${more.length + 1} jobs`];
  const { replacement } = medium;
  const outcome = replacement?.outcome ?? medium.outcome;
  const complaints = [...judgeEnd(job, outcome), ...judgeResults(job, outcome, world, etags.get(medium.key))];
  const revision = replacement === undefined ? 1 : 2;
  // A job that has not ended yet reads what lies there at its next attempt.
  const least = replacement?.isMidway === true ? 1 : revision;
  if (job.revision > revision || job.revision < least)
    complaints.push(`its revision is ${job.revision} instead of ${revision}`);
  return complaints;
}

function judgeEnd(job: FoundJob, outcome: ExpectedOutcome): string[] {
  const wanted = outcome.ends === 'completed' ? JOB_STATUS.completed : JOB_STATUS.failed;
  const why = job.error_message === undefined ? '' : ` (${job.error_type}: ${job.error_message})`;
  if (job.status !== wanted) return [`its status is "${job.status}" instead of "${wanted}"${why}`];
  if (outcome.ends === 'completed' || outcome.says.test(job.error_message ?? '')) return [];
  return [`its error is ${job.error_message ?? 'not told'}, and does not say ${String(outcome.says)}`];
}

/** A completed medium has one current result, of the object that lies there; a failed one has none of it. */
function judgeResults(
  job: FoundJob,
  outcome: ExpectedOutcome,
  world: InterviewsWorld,
  etag: string | undefined,
): string[] {
  const results = world.results.filter((result) => result.job_id === job._id);
  const current = results.filter((result) => result.superseded_by === undefined);
  if (outcome.ends === 'failed')
    return current.length === 0 ? [] : [`${current.length} results are left although it failed`];
  const [result] = current;
  if (result === undefined) return ['it has no result'];
  if (current.length > 1) return [`it has ${current.length} current results`];
  const complaints = judgeMeasures(result, outcome);
  if (job.result_id !== result._id) complaints.push('its job names another result');
  if (etag !== undefined && bare(result.etag) !== bare(etag))
    complaints.push('its result is of an object that does not lie there any more');
  const lost = results.filter(({ superseded_by: by }) => by !== undefined && by !== result._id);
  if (lost.length > 0) complaints.push(`${lost.length} older results do not lead to the current one`);
  return complaints;
}

const bare = (etag: string): string => etag.replaceAll('"', '');

function judgeRest(
  interviews: readonly SeededInterview[],
  { jobs, results, parts, queue, deadLetters }: InterviewsWorld,
  deliveries: readonly Delivery[],
): string[] {
  const complaints: string[] = [];
  const ids = new Set(interviews.map(({ id }) => id));
  const strangers = results.filter(({ interview_id: id }) => !ids.has(id));
  if (strangers.length > 0) complaints.push(`${strangers.length} results are of nothing that was seeded`);
  for (const { notGenuine: why } of deliveries)
    if (why !== undefined) complaints.push(`the receiver was told something of which ${why}`);
  const known = new Set(jobs.map(({ _id: id }) => id));
  const orphans = parts.filter(({ job_id: id }) => !known.has(id));
  if (orphans.length > 0) complaints.push(`${orphans.length} parts are of no job`);
  const left = queue.visible + queue.in_flight + queue.delayed;
  if (left > 0) complaints.push(`the queue still has ${left} messages`);
  if (deadLetters.length > 0) complaints.push(`${deadLetters.length} messages are dead letters`);
  return complaints;
}
