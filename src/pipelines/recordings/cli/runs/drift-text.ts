import {
  DRIFT_NOTABLE_DISTANCE,
  type DriftModel,
  type DriftReport,
  type DriftUnavailable,
} from '../../contract/drift.js';
import { tableLines } from '../../../../commands/terminal/table.js';

/** As many as a glance takes in; the summary itself (`--json`) has more. */
const MOST_SHOWN = 5;

/** How a date's recordings differ from the model's training, for a person. */
export function driftText(drift: DriftReport | DriftUnavailable): string {
  if ('unavailable' in drift) return `not measured: ${drift.unavailable}`;
  const { recordings, features, drifted, most_drifted: furthest, scored_by: models } = drift;
  const [model] = models;
  if (model === undefined) return 'no recordings to compare with the training';
  const leftOut = drift.not_comparable > 0 ? ` (${drift.not_comparable} more by other features)` : '';
  return [
    `${recordings} recordings${leftOut} against the training of ${nameOf(model)}: ${drifted} of ${features} features are off by more than ${DRIFT_NOTABLE_DISTANCE} deviations`,
    ...(models.length > 1 ? [`The model changed meanwhile: ${models.map(share).join(', ')}.`] : []),
    ...tableLines(
      [
        { title: 'feature' },
        { title: 'trained on' },
        { title: 'this date' },
        { title: 'off by', align: 'right' },
      ],
      furthest
        .slice(0, MOST_SHOWN)
        .map(({ feature, training_mean, training_std, mean, std, distance }) => [
          feature,
          `${short(training_mean)} ± ${short(training_std)}`,
          `${short(mean)} ± ${short(std)}`,
          short(distance),
        ]),
    ),
  ].join('\n');
}

const nameOf = (model: DriftModel): string => `${model.model_name} ${model.model_version}`;

const share = (model: DriftModel): string => `${nameOf(model)} scored ${model.recordings}`;

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
