import { Argument, Command, Option } from 'commander';
import { examples, wholeNumber } from '../../../../commands/options.js';
import { INTERVIEW_TYPES, type InterviewType } from '../../contract/job.js';
import type { InterviewsCommand } from '../context.js';

export interface AddOptions {
  type?: InterviewType;
  expectedJobs?: number;
  language?: string;
  timeoutSeconds?: number;
  questions?: string;
  watch?: boolean;
  json?: boolean;
}

export const addCommand: InterviewsCommand = (context, end) =>
  new Command('add')
    .summary('add jobs of an interview')
    .description(
      'Adds a job for each object, as an upstream application would; the object may come later. An object that the interview has already is not added twice: its job takes other options while it waits, and says so.',
    )
    .addArgument(new Argument('<interview>', 'the interview’s id'))
    .addArgument(new Argument('<object...>', 's3://bucket/key'))
    .addOption(
      new Option('--type <type>', 'of all of them; otherwise by their extensions').choices(INTERVIEW_TYPES),
    )
    .option(
      '--expected-jobs <n>',
      'how many jobs the interview has in all, so that it is told as soon as they have ended',
      wholeNumber({ min: 1, max: 100 }),
    )
    .option('--language <tag>', 'what is spoken, such as en')
    .option(
      '--timeout-seconds <n>',
      'how long an attempt may take (default: JOB_TIMEOUT)',
      wholeNumber({ min: 10, max: 86_400 }),
    )
    .option('--questions <file>', 'JSON list of {"text", "key_points"}, whose coverage is measured')
    .option('--watch', 'follow the interview until its jobs have ended')
    .option('--json', 'print the jobs as one JSON line')
    .addHelpText(
      'after',
      examples(
        'vachan interviews add 4711 s3://interviews/4711/camera.webm s3://interviews/4711/voice.m4a --expected-jobs 2',
        'vachan interviews add 4711 s3://interviews/4711/camera.webm --questions questions.json --watch',
      ),
    )
    .action(async (interview: string, objects: string[], options: AddOptions) => {
      const { addJobs } = await import('../add-jobs.js');
      end(await addJobs(context, interview, objects, options));
    });
