import { Command } from 'commander';
import { examples, jsonOption } from '../../../../commands/options.js';
import type { RecordingsCommand } from '../context.js';
import type { CalibrateOptions } from '../calibrate/calibrate-model.js';
import { share } from './share-option.js';

const NOTES = `
The threshold is set on two thirds of the normal recordings and judged on the rest, which a hash of each recording's group, path,
address or result id chooses. --from takes a CSV of labels as \`vachan evaluate\` does. --test-date takes all results of the date that
the same model has scored, and supposes that nearly all of them are normal: the share is then of all recordings. With --verdicts
those that a reviewer has judged and that were drawn at random set and judge it: \`vachan review DATE --random 200 --random-from all\`.

The new folder has the same artefacts; its manifest has a version of its own, the threshold, and how it was set. Scores stay as
they are. To take it into use, put its manifest.json into the place of MODEL_PATH's, or point MODEL_PATH at it; workers follow.

Exit code: 0; 1 if nothing could be written (too few recordings, a model or a setting that cannot be used), or if recordings
could not be read, or verdicts have no result, and the folder was written without them; 2 if the command or the CSV cannot be
used.`;

export const calibrateCommand: RecordingsCommand = (context, end) =>
  new Command('calibrate')
    .summary("set the model's threshold for a share of false alarms")
    .description(
      'Writes a new version of the model whose threshold flags the share of normal recordings that you say, set on your own recordings and judged on others of them.',
    )
    .option('--from <labels.csv>', 'recordings that people have judged')
    .option('--test-date <date>', "or a date's results, as YYYY-MM-DD, taken for normal")
    .option('--verdicts <verdicts.csv>', 'what a reviewer said of them, instead of taking them for normal')
    .option(
      '--false-alarms <share>',
      'with labels or verdicts: how many normal recordings may be flagged (default: 2%)',
      share,
    )
    .option('--share <share>', 'with a date alone: how many of all may be flagged (default: 2%)', share)
    .option('--model <folder>', 'the model whose threshold is set (default: MODEL_PATH)')
    .requiredOption('--out <folder>', 'where to write the new version; new, or empty')
    .addOption(jsonOption('print what was written as one JSON line'))
    .addHelpText('after', NOTES)
    .addHelpText(
      'after',
      examples(
        'vachan calibrate --from labels.csv --false-alarms 2% --out calibrated',
        'vachan calibrate --test-date 2025-12-20 --verdicts review-2025-12-20.csv --out calibrated',
        'vachan calibrate --test-date 2025-12-20 --share 3% --out calibrated',
        'vachan evaluate labels.csv --model calibrated',
      ),
    )
    .action(async (options: CalibrateOptions) => {
      const { calibrateModel } = await import('../calibrate/calibrate-model.js');
      end(await calibrateModel(context, options));
    });
