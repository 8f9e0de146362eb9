import type { InterviewsWorld, FoundJob } from '../../interviews/read-world.js';
import type { SeededInterview } from '../../interviews/seeded-interview.js';
import type { Delivery } from '../../webhook-receiver/start-receiver.js';
import { timeline } from './timeline.js';

/** What `--json` writes; names are the contract's. */
export interface InterviewsSummary {
  interviews: number;
  jobs: number;
  /** Jobs by their status. */
  states: Record<string, number>;
  results: number;
  webhooks: { deliveries: number; events: number };
  /** Of all media with a result. */
  media_seconds: number;
  /** How words were found, or why there are none. */
  transcript: string;
  /** From the command to the last check. */
  wall_seconds: number;
  /** From the first job to the last event. */
  run_seconds: number;
  endpoints: Record<string, string>;
  report_page?: string;
  /** What did not end as it must; empty when all did. */
  differences: string[];
}

export interface Measured {
  deliveries: readonly Delivery[];
  wallSeconds: number;
  runSeconds: number;
  endpoints: Record<string, string>;
  reportPage: string | undefined;
  differences: string[];
}

const STATES: Readonly<Record<string, string>> = {
  0: 'pending',
  1: 'processing',
  2: 'failed',
  3: 'completed',
};

export function summarize(
  interviews: readonly SeededInterview[],
  world: InterviewsWorld,
  measured: Measured,
): InterviewsSummary {
  const states: Record<string, number> = {};
  for (const { status } of world.jobs) {
    const name = STATES[status] ?? status;
    states[name] = (states[name] ?? 0) + 1;
  }
  const { deliveries, wallSeconds, runSeconds, endpoints, differences, reportPage } = measured;
  return {
    ...{ interviews: interviews.length, jobs: world.jobs.length, states, results: world.results.length },
    webhooks: {
      deliveries: deliveries.length,
      events: new Set(deliveries.filter(({ answered }) => answered === 204).map(({ webhookId }) => webhookId))
        .size,
    },
    media_seconds: rounded(world.results.reduce((sum, { media }) => sum + media.duration, 0)),
    transcript: transcripts(world),
    wall_seconds: rounded(wallSeconds),
    run_seconds: rounded(runSeconds),
    endpoints,
    ...(reportPage !== undefined && { report_page: reportPage }),
    differences,
  };
}

function transcripts({ results }: InterviewsWorld): string {
  const told = results.flatMap(({ transcript }) => (transcript === undefined ? [] : [transcript]));
  const absent = told.find((one) => 'absent' in one);
  const present = told.filter((one) => 'text' in one).length;
  if (present > 0) return `of ${present} media`;
  return absent !== undefined && 'absent' in absent
    ? `absent: ${absent.absent.replaceAll('_', ' ')} (npm run models fetches the weights)`
    : 'absent';
}

/** Each interview: its course, and what is seen and heard in each medium. */
export function describeCourses(
  interviews: readonly SeededInterview[],
  world: InterviewsWorld,
  { deliveries }: Pick<Measured, 'deliveries'>,
): string[] {
  const beginning = Math.min(...world.jobs.map(({ created_at: at }) => at?.getTime() ?? Infinity));
  const since = (at: Date | number | undefined): string =>
    at === undefined ? '–' : `${((Number(at) - beginning) / 1000).toFixed(1)} s`;
  return interviews.flatMap(({ id, kind }) => {
    const jobs = world.jobs.filter(({ interview_id: of }) => of === id);
    const told = deliveries.filter(
      ({ event, answered }) => answered === 204 && event?.data['interview_id'] === id,
    );
    const lines = jobs.flatMap((job) => [
      courseOf(job, since),
      ...drawn(job, world).map((line) => `    ${line}`),
    ]);
    const events = told.map(({ event, atMs }) => `${event?.type} at ${since(atMs)}`).join(', ');
    return ['', `${id}: ${kind}`, ...lines, `  told: ${events === '' ? 'nothing' : events}`];
  });
}

function courseOf(job: FoundJob, since: (at: Date | undefined) => string): string {
  const { status, created_at: added, started_at: begun, ended_at: ended, attempts, error_message: why } = job;
  const times = `added ${since(added)}, begun ${since(begun)}, ended ${since(ended)}`;
  const again = attempts > 1 ? `, ${attempts} attempts` : '';
  return `  ${job.interview_type} ${STATES[status] ?? status}: ${times}${again}${why === undefined ? '' : `: ${why}`}`;
}

function drawn(job: FoundJob, { results }: InterviewsWorld): string[] {
  const result = results.find((one) => one.job_id === job._id && one.superseded_by === undefined);
  return result === undefined ? [] : timeline(result);
}

export function describeInterviews(summary: InterviewsSummary): string[] {
  const { differences, states, webhooks } = summary;
  const ended = Object.entries(states)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
  return [
    '',
    `${summary.interviews} interviews, ${summary.jobs} jobs: ${ended}`,
    `  results       ${summary.results}, of ${summary.media_seconds} s of media in ${summary.run_seconds} s`,
    `  transcript    ${summary.transcript}`,
    `  webhooks      ${webhooks.events} events, taken in ${webhooks.deliveries} deliveries`,
    ...(summary.report_page === undefined ? [] : [`  report page   ${summary.report_page}`]),
    '',
    ...Object.entries(summary.endpoints).map(([name, value]) => `  ${name.padEnd(13)} ${value}`),
    '',
    ...(differences.length === 0
      ? ['The ledger is clean: jobs, results and webhooks are what the media are and the receiver heard.']
      : [`The ledger has ${differences.length} differences:`, ...differences.map((line) => `  ${line}`)]),
  ];
}

const rounded = (value: number): number => Math.round(value * 10) / 10;
