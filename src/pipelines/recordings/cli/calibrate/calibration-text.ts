import { tableLines } from '../../../../commands/terminal/table.js';
import { thousands } from '../../../../commands/words.js';
import type { ThresholdForShare } from '../../evaluation/statistics/threshold-for-share.js';
import type { Calibration } from '../../model/calibration/calibration-block.js';
import { percent, proportionText } from '../evaluate/figures-text.js';
import { scoreText } from '../evaluate/score-text.js';

export interface WrittenCalibration {
  name: string;
  version: string;
  threshold: number;
  folder: string;
  calibration: Calibration;
  set: ThresholdForShare;
}

/** Both thresholds side by side on the held-out part, and what the new one rests on. */
export function calibrationText(written: WrittenCalibration): string {
  const { name, version, threshold, folder, calibration, set } = written;
  const { from_version, previous_threshold, on, share, held_out } = calibration;
  const { before, now } = held_out;
  // Nobody has said which of them are normal.
  const ofDate = 'results' in on;
  const rows = [
    ['version', from_version, version],
    ['threshold', scoreText(previous_threshold), scoreText(threshold)],
    [
      ofDate ? 'flagged of held-out results' : 'flagged of held-out normal ones',
      proportionText(before.flagged, 'none'),
      proportionText(now.flagged, 'none'),
    ],
    ...(ofDate
      ? []
      : [
          [
            'found of anomalous ones',
            proportionText(before.recall, 'none there'),
            proportionText(now.recall, 'none there'),
          ],
        ]),
  ];
  const wish = `${Number((share * 100).toPrecision(6))} %`;
  const flagged = now.flagged!;
  return [
    `Wrote ${name} ${version} to ${folder}`,
    '',
    ...tableLines([{ title: '' }, { title: 'before' }, { title: 'now' }], rows),
    '',
    `Set for ${wish} on ${thousands(set.normals)} ${whatOf(on)}; its 95 % interval is ${set.low === null ? 'without a lower end' : scoreText(set.low)} to ${set.high === null ? `no upper end (one takes ${set.needed_for_interval})` : scoreText(set.high)}.`,
    ...(ofDate
      ? [
          `This supposes that nearly all recordings of the date are normal: ${wish} of all are flagged, anomalies among them.`,
          ...(on.left_out > 0
            ? [`Left out: ${thousands(on.left_out)} results that another model has scored.`]
            : []),
        ]
      : []),
    flagged.low > share
      ? `The held-out ones were flagged more often than wished, by more than chance (${percent(flagged.low)} at least): they differ from those that set it.`
      : `The held-out ones agree with the wish, as far as ${thousands(flagged.of)} can tell.`,
    'To take it into use: put its manifest.json in the place of the one in MODEL_PATH, or point MODEL_PATH at the folder.',
  ].join('\n');
}

function whatOf(on: Calibration['on']): string {
  if ('labels' in on) return `normal recordings of ${on.labels}`;
  if ('verdicts' in on)
    return `normal results of ${on.test_date} in ${on.verdicts} that were drawn at random`;
  return `results of ${on.test_date}`;
}
