import { CommandMisused } from '../../../commands/command-misused.js';
import { EXIT, type ExitCode } from '../../../commands/context.js';
import { preview } from '../../../platform/text/printable.js';
import { INTERVIEW_TYPES, type InterviewType } from '../contract/job.js';
import { describeJobIssues } from '../jobs/job-issues.js';
import type { InsertedJob } from '../jobs/insert-job.js';
import { jobRequestSchema, type JobRequest } from '../jobs/job-fields.js';
import type { AddOptions } from './commands/add.js';
import type { InterviewsContext } from './context.js';
import { readQuestions } from './read-questions.js';
import { watchInterview } from './watch-interview.js';

/** By what a person sees of a file; `--type` says it where the name does not. */
const TYPE_OF_EXTENSION: Readonly<Record<string, InterviewType>> = {
  ...Object.fromEntries(['mp4', 'm4v', 'mov', 'mkv', 'webm'].map((name) => [name, 'video'] as const)),
  ...Object.fromEntries(
    ['mp3', 'm4a', 'wav', 'ogg', 'opus', 'flac', 'aac'].map((name) => [name, 'audio'] as const),
  ),
};
const ADDRESS = /^s3:\/\/([^/]+)\/(.+)$/s;

/** Adds a job for each object of an interview, as an upstream application would. */
export async function addJobs(
  context: InterviewsContext,
  interviewId: string,
  addresses: readonly string[],
  options: AddOptions,
): Promise<ExitCode> {
  const requests = await requestsOf(interviewId, addresses, options);
  const { terminal } = context;
  const access = await context.openInterviews(context.readEnvironment());
  try {
    const forbidden = requests.find(({ bucket }) => !access.buckets.includes(bucket));
    if (forbidden !== undefined) {
      throw new CommandMisused(
        `bucket: expected one of INTERVIEW_BUCKETS (${access.buckets.join(', ')}; got ${preview(forbidden.bucket, 63)})`,
      );
    }
    if (await access.erased.isErased(interviewId)) {
      terminal.err('vachan: the interview was erased, so nothing of it is taken in again.');
      return EXIT.failed;
    }
    const added: AddedObject[] = [];
    for (const request of requests) added.push({ ...(await access.insertJob(request)), key: request.key });
    if (options.json === true) terminal.out(JSON.stringify({ interview_id: interviewId, jobs: added }));
    else {
      for (const job of added) terminal.out(`${job.job_id}  ${outcomeOf(job)}  ${preview(job.key)}`);
    }
    for (const { job_id, not_taken } of added) {
      if (not_taken === undefined) continue;
      terminal.err(
        `vachan: ${optionsOf(not_taken)} not taken for ${job_id}: it is being analysed or has ended, and keeps what it had.`,
      );
    }
  } finally {
    await access.close();
  }
  return options.watch === true ? watchInterview(context, interviewId, options) : EXIT.ok;
}

type AddedObject = InsertedJob & { key: string };

function outcomeOf({ added, changed }: AddedObject): string {
  if (added) return 'added';
  return changed === undefined ? 'was there already' : `was there already, took ${optionsOf(changed)}`;
}

/** Names of a job's fields, as the options that set them. */
function optionsOf(fields: readonly string[]): string {
  return fields.map((field) => `--${field.replaceAll('_', '-')}`).join(', ');
}

/** @throws CommandMisused for what can never be a job */
async function requestsOf(
  interviewId: string,
  addresses: readonly string[],
  options: AddOptions,
): Promise<JobRequest[]> {
  const questions = options.questions === undefined ? undefined : await readQuestions(options.questions);
  return addresses.map((address) => {
    const [, bucket, key] = ADDRESS.exec(address) ?? [];
    if (bucket === undefined || key === undefined) {
      throw new CommandMisused(`object: expected s3://bucket/key (got ${preview(address)})`);
    }
    const request = jobRequestSchema.safeParse({
      interview_id: interviewId,
      interview_type: options.type ?? typeOf(key),
      bucket,
      key,
      ...(options.expectedJobs !== undefined && { expected_jobs: options.expectedJobs }),
      ...(options.language !== undefined && { language: options.language }),
      ...(options.timeoutSeconds !== undefined && { timeout_seconds: options.timeoutSeconds }),
      ...(questions !== undefined && { questions }),
    });
    if (!request.success) throw new CommandMisused(describeJobIssues(request.error));
    return request.data;
  });
}

function typeOf(key: string): InterviewType {
  const type = TYPE_OF_EXTENSION[/\.(\w+)$/.exec(key)?.[1]?.toLowerCase() ?? ''];
  if (type !== undefined) return type;
  throw new CommandMisused(
    `--type: expected one of ${INTERVIEW_TYPES.join(', ')}, since the key does not tell (got ${preview(key, 60)})`,
  );
}
