import { CommandMisused } from '../../../../commands/command-misused.js';
import { EXIT, type ExitCode } from '../../../../commands/context.js';
import { pairLines } from '../../../../commands/terminal/table.js';
import { ownVersion } from '../../../../platform/own-version.js';
import type { Question } from '../../contract/job.js';
import { describeJobIssues } from '../../jobs/job-issues.js';
import { jobWishesSchema } from '../../jobs/job-fields.js';
import type { InterviewReport } from '../../report/interview-report.js';
import { measureLines } from '../../results/measure-lines.js';
import type { AnalyseOptions } from '../commands/analyse.js';
import type { InterviewsContext } from '../context.js';
import { readQuestions } from '../read-questions.js';
import { writeWhole } from '../../../../commands/write-whole.js';
import { openLocalAnalysis, type LocalAnalysis } from './local-analysis.js';

type Analysed = Awaited<ReturnType<LocalAnalysis['analyse']>>;

/** Analyses files one after another, each with all cores. Exit code 1 when one cannot be used. */
export async function analyseFiles(
  context: InterviewsContext,
  files: readonly string[],
  options: AnalyseOptions,
): Promise<ExitCode> {
  const { terminal } = context;
  const wishes = await wishesOf(options);
  const local = await openLocalAnalysis(context.readEnvironment(), {
    processes: options.processes,
    transcribe: options.transcript,
    ...(options.adaptive === true && { sampling: 'adaptive' as const }),
  });
  const analysed: Analysed[] = [];
  let exitCode: ExitCode = EXIT.ok;
  try {
    for (const file of files) {
      try {
        const medium = await local.analyse(file, wishes);
        analysed.push(medium);
        terminal.out(options.json === true ? jsonOf(file, medium, options) : textOf(file, medium));
      } catch (error) {
        exitCode = EXIT.failed;
        const said = whyNot(error);
        terminal.out(
          options.json === true ? JSON.stringify({ file, error: said }) : `${file}\n  error: ${said}`,
        );
      }
    }
  } finally {
    await local.close();
  }
  if (options.report !== undefined) {
    const { renderInterviewPage } = await import('../../report/page/page.js');
    await writeWhole('--report', options.report, renderInterviewPage(reportOf(analysed, context.now())));
  }
  return exitCode;
}

async function wishesOf({
  language,
  questions,
}: AnalyseOptions): Promise<{ language?: string | undefined; questions?: readonly Question[] | undefined }> {
  const read = jobWishesSchema.safeParse({
    ...(language !== undefined && { language }),
    ...(questions !== undefined && { questions: await readQuestions(questions) }),
  });
  if (!read.success) throw new CommandMisused(describeJobIssues(read.error));
  return {
    language,
    questions: read.data.questions?.map(({ text, key_points }) => ({
      text,
      ...(key_points !== undefined && { key_points }),
    })),
  };
}

/** A result without what only has a meaning in a collection. */
function jsonOf(file: string, { result }: Analysed, { series: withSeries }: AnalyseOptions): string {
  const { interview_type, engine_version, media, warnings, video, audio, speech, transcript, content } =
    result;
  const { schedule, not_measured, engines, timings, series } = result;
  return JSON.stringify({
    ...{ file, interview_type, engine_version, media, warnings },
    ...{ video, audio, speech, transcript, content },
    ...{ schedule, not_measured, engines, timings },
    ...(withSeries === true && { series }),
  });
}

function textOf(file: string, { result }: Analysed): string {
  const seconds = `${result.timings.seconds.toFixed(1)} s`;
  return [file, ...pairLines([...measureLines(result), ['Took', seconds]]).map((line) => `  ${line}`)].join(
    '\n',
  );
}

function whyNot(error: unknown): string {
  const { code, message } = error as Partial<NodeJS.ErrnoException>;
  if (code === 'ENOENT') return 'no such file';
  if (code === 'EISDIR') return 'is a folder';
  return message ?? String(error);
}

function reportOf(analysed: readonly Analysed[], generatedAt: Date): InterviewReport {
  return {
    interviewId: 'of local files',
    generatedAt,
    version: ownVersion(),
    writtenBy: 'vachan interviews analyse',
    jobs: analysed.map(({ job }) => job),
    media: analysed,
  };
}
