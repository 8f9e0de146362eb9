import { Command } from 'commander';
import { examples, wholeNumber } from '../../../../commands/options.js';
import type { InterviewsCommand } from '../context.js';

export interface AnalyseOptions {
  language?: string;
  questions?: string;
  /** False with `--no-transcript`. */
  transcript: boolean;
  adaptive?: boolean;
  processes: number;
  report?: string;
  series?: boolean;
  json?: boolean;
}

/** More processes than cores are not started. */
const MOST_PROCESSES = 64;

export const analyseCommand: InterviewsCommand = (context, end) =>
  new Command('analyse')
    .summary('measure local interview media')
    .description('Measures video and audio files of this machine as a worker measures objects of a store.')
    .argument('<files...>', 'mp4, mov, webm, mkv, wav, mp3, m4a, ogg, flac')
    .option('--json', 'one JSON line a file: file and measures, or file and error')
    .option('--series', 'with --json: values by the second as well')
    .option('--report <file>', 'write one HTML page of all files as well')
    .option('--language <tag>', 'what is spoken, such as en')
    .option('--questions <file>', 'JSON list of {"text", "key_points"}, whose coverage is measured')
    .option('--no-transcript', 'do not write down what is said')
    .option('--adaptive', 'look at keyframes first, and closer only where something changed')
    .option(
      '--processes <n>',
      'at most so many, and no more than cores',
      wholeNumber({ min: 1, max: MOST_PROCESSES }),
      MOST_PROCESSES,
    )
    .addHelpText(
      'after',
      '\nNo server is needed. Exit code: 1 if a file could not be used; the others are still shown.',
    )
    .addHelpText(
      'after',
      examples(
        'vachan analyse interview.webm --report interview.html',
        'vachan analyse --json *.mp4 | jq .video.faces.face_present_ratio',
      ),
    )
    .action(async (files: string[], options: AnalyseOptions) => {
      const { analyseFiles } = await import('../analyse/analyse-files.js');
      end(await analyseFiles(context, files, options));
    });
