import { baseVersion } from '../../model/calibration/calibrated-version.js';
import type { RunResults } from '../run-results.js';
import { niceStep } from '../bins.js';
import type { Report } from '../report.js';
import { columnChart, dataTable } from './charts.js';
import { html, type Html } from '../../../../platform/page/html.js';
import { number, plural } from '../../../../platform/page/words.js';

/** Ticks of a histogram; more do not fit below each other. */
const MOST_SCORE_TICKS = 9;

export function scoresSection({ results }: Report): Html {
  const { scores, models, recordings, anomalies } = results;
  const [model] = models;
  if (scores === null || model === undefined) return html``;
  const { bins, binWidth, lastIsOpen } = scores;
  const threshold = model.threshold ?? 0;
  const first = bins[0]!.from;
  const edge = (score: number): number => (score - first) / binWidth;
  const end = first + bins.length * binWidth;
  const step = niceStep((end - first) / MOST_SCORE_TICKS);
  const from = Math.ceil(first / step - 1e-9);
  const ticks = Array.from({ length: Math.floor(end / step + 1e-9) - from + 1 }, (_, index) =>
    Number(((from + index) * step).toPrecision(12)),
  );
  const last = bins[bins.length - 1]!.from;
  const range = (low: number): string =>
    lastIsOpen && low === last ? `above ${number(low)}` : `${number(low)} to ${number(low + binWidth)}`;
  return html`<section aria-labelledby="scores">
    <h2 id="scores">Scores</h2>
    <p class="soft">
      A higher score is more anomalous; above ${number(threshold)} a recording counts as an anomaly
      (${model.name}
      ${model.version}).${lastIsOpen ? ` The last column gathers all above ${number(last)}.` : ''}
    </p>
    <ul class="legend">
      <li class="normal">normal</li>
      <li class="anomaly">anomaly</li>
    </ul>
    ${columnChart({
      description: `Histogram of ${number(recordings)} scores from ${number(first)} ${lastIsOpen ? 'on' : `to ${number(end)}`}. ${number(anomalies)} lie above the threshold of ${number(threshold)}. The table below has the numbers.`,
      columns: bins.map(({ from: low, normal, anomaly }) => ({
        hint: `${range(low)}: ${plural(normal + anomaly, 'recording')}`,
        parts: [
          { value: normal, kind: 'normal' },
          { value: anomaly, kind: 'anomaly' },
        ],
      })),
      ticks: ticks.map((score) => ({ at: edge(score), label: number(score) })),
      xTitle: 'anomaly score',
      yTitle: 'recordings',
      marker: { at: edge(threshold), label: `threshold ${number(threshold)}` },
    })}
    ${dataTable(
      'Scores as a table',
      ['Score', 'Normal', 'Anomaly'],
      bins
        .filter(({ normal, anomaly }) => normal + anomaly > 0)
        .map(({ from: low, normal, anomaly }) => [range(low), number(normal), number(anomaly)]),
    )}
    ${models.length > 1 ? modelsTable(models) : undefined}
  </section>`;
}

/** Calibrations of one model change its threshold alone. */
function areComparable(models: RunResults['models']): boolean {
  return new Set(models.map(({ name, version }) => `${name} ${baseVersion(version)}`)).size === 1;
}

function modelsTable(models: RunResults['models']): Html {
  return html`<p class="soft">
      ${
        areComparable(models)
          ? "Several thresholds of one model were in use on this date: its scores are comparable, and the threshold above is the first one's."
          : "Several models scored this date; their scores are not comparable, and the threshold above is the first one's."
      }
    </p>
    ${dataTable(
      'Models as a table',
      ['Model', 'Threshold', 'Recordings', 'Anomalies'],
      models.map(({ name, version, threshold, recordings, anomalies }) => [
        `${name} ${version}`,
        threshold === null ? 'not written' : number(threshold),
        number(recordings),
        number(anomalies),
      ]),
    )}`;
}
