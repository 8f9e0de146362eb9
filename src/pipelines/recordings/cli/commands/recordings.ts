import { Command } from 'commander';
import type { RecordingsCommand } from '../context.js';
import { examples } from '../../../../commands/options.js';

const FILES = '<files...>';
const FILES_ABOUT = 'recordings on this machine: wav, mp3, m4a, ogg, opus, webm, flac, amr, 3gp';
const EXIT_CODE =
  '\nNo server is needed. Exit code: 1 if a file could not be used; the others are still shown.';

export const featuresCommand: RecordingsCommand = (context, end) =>
  new Command('features')
    .summary("show local recordings' features")
    .description('Decodes recordings and shows the features that the model scores.')
    .argument(FILES, FILES_ABOUT)
    .option('--json', 'one JSON line a file: file and features, or file and error')
    .addHelpText('after', EXIT_CODE)
    .addHelpText(
      'after',
      examples(
        'vachan features samples/mr-story-1.wav',
        'vachan features --json samples/*.mp3 | jq .features.duration_seconds',
      ),
    )
    .action(async (files: string[], options: { json?: boolean }) => {
      const { showFeatures } = await import('../files/show-features.js');
      end(await showFeatures(context, files, options.json === true));
    });

export const scoreCommand: RecordingsCommand = (context, end) =>
  new Command('score')
    .summary('score local recordings')
    .description('Scores recordings with the model in MODEL_PATH and says what drove the score.')
    .argument(FILES, FILES_ABOUT)
    .option(
      '--json',
      'one JSON line a file: file, is_anomaly, anomaly_score, prediction_label, threshold and reasons, or file and error',
    )
    .addHelpText('after', EXIT_CODE)
    .addHelpText(
      'after',
      examples(
        'vachan score samples/*.mp3',
        "vachan score --json samples/* | jq -r 'select(.is_anomaly) | .file'",
      ),
    )
    .action(async (files: string[], options: { json?: boolean }) => {
      const { showScores } = await import('../files/show-scores.js');
      end(await showScores(context, files, options.json === true));
    });
