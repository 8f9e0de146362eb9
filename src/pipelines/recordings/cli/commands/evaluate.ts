import { Command } from 'commander';
import { examples, jsonOption, wholeNumber } from '../../../../commands/options.js';
import { ANOMALOUS_WORDS, NORMAL_WORDS } from '../../evaluation/labels/label-words.js';
import type { RecordingsCommand } from '../context.js';
import type { EvaluateOptions } from '../evaluate/show-evaluation.js';
import { share } from './share-option.js';

/** What a person reads; --json has the curve in full. */
const WORST_BOUNDS = { min: 0, max: 1000 };

const NOTES = `
LABELS.csv has a header and these columns, in any order:
  file   a path, from the CSV's folder on, or an s3:// or https:// address (also: audio, audio_s3_url, audio_url)
  label  ${NORMAL_WORDS.join(', ')}; or ${ANOMALOUS_WORDS.join(', ')}
  kind   what kind of anomaly, or of normal recording; optional
  group  whose it is, such as a child's; \`vachan calibrate\` keeps a group together; optional
VERDICTS.csv, as \`vachan review\` writes it: result_document_id, verdict (normal, anomalous, unsure), optionally sample (top,
random) and kind. It is joined with the date's results in MongoDB, and no audio is read.

Exit code: 0; 1 if a recording could not be read, or a verdict has no result: it is left out of the figures, and the others
are shown; 1 too if the model, a setting or a server cannot be used, and 2 if the command or the CSV cannot: then nothing was
done.`;

export const evaluateCommand: RecordingsCommand = (context, end) =>
  new Command('evaluate')
    .summary('how good the model is on recordings that people have judged')
    .description(
      'Says how good the model is on your own recordings: AUC, recall and false alarms with 95 % intervals, the threshold for a share of false alarms, and the worst mistakes.',
    )
    .argument('[labels.csv]', 'labelled recordings; without it, --verdicts')
    .option('--model <folder>', 'the model to score with (default: MODEL_PATH)')
    .option('--verdicts <verdicts.csv>', "a reviewer's verdicts on a date's results, instead of labels")
    .option('--test-date <date>', 'of those results, as YYYY-MM-DD (default: TEST_DATE)')
    .option('--false-alarms <share>', 'how many normal recordings may be flagged, e.g. 2%', share, 0.02)
    .option('--worst <n>', 'how many mistakes of each sort to show', wholeNumber(WORST_BOUNDS), 5)
    .option('--svg <file>', 'draw the ROC curve into a file')
    .addOption(jsonOption('print all figures, the curve and the mistakes as one JSON line'))
    .addHelpText('after', NOTES)
    .addHelpText(
      'after',
      examples(
        'vachan evaluate labels.csv',
        'vachan evaluate labels.csv --false-alarms 1% --svg roc.svg',
        'vachan evaluate labels.csv --model models/candidate --json | jq .area_under_curve',
        'vachan evaluate --test-date 2025-12-20 --verdicts verdicts.csv',
      ),
    )
    .action(async (labels: string | undefined, options: EvaluateOptions) => {
      const { showEvaluation } = await import('../evaluate/show-evaluation.js');
      end(await showEvaluation(context, labels, options));
    });
