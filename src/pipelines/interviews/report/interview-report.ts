import type { InterviewJob } from '../contract/job.js';
import type { InterviewResult, SeriesColumns } from '../contract/result.js';
import type { InterviewJobs } from '../jobs/interview-jobs.js';
import type { InterviewResults } from '../results/interview-results.js';
import type { SeriesObjects } from '../results/series-objects.js';

/** Everything that a page shows. */
export interface InterviewReport {
  interviewId: string;
  generatedAt: Date;
  version: string;
  /** Who wrote the page: of what is stored of an interview, or of files that no erasure knows of. */
  writtenBy: 'vachan interviews report' | 'vachan interviews analyse';
  /** Those without a current result, too. */
  jobs: readonly InterviewJob[];
  media: readonly ReportedMedium[];
}

export interface ReportedMedium {
  result: InterviewResult;
  /** Undefined where it was too large to be kept, or is not there any more. */
  columns: SeriesColumns | undefined;
}

export interface ReportParts {
  jobs: Pick<InterviewJobs, 'ofInterview'>;
  results: Pick<InterviewResults, 'ofInterview'>;
  series: Pick<SeriesObjects, 'read'> | undefined;
}

/** @returns what a page of the interview shows besides who made it. @throws DependencyUnavailable */
export async function readInterviewReport(
  { jobs, results, series }: ReportParts,
  interviewId: string,
): Promise<Pick<InterviewReport, 'interviewId' | 'jobs' | 'media'>> {
  const [ofJobs, ofResults] = await Promise.all([
    jobs.ofInterview(interviewId),
    results.ofInterview(interviewId),
  ]);
  const media: ReportedMedium[] = [];
  for (const result of ofResults) {
    const { series: kept } = result;
    const columns =
      kept.stored === 'document' ? kept.columns : kept.stored === 's3' ? await series?.read(kept) : undefined;
    media.push({ result, columns });
  }
  return { interviewId, jobs: ofJobs, media };
}
