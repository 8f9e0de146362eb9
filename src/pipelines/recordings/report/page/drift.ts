import type { DriftModel, DriftReport } from '../../contract/drift.js';
import { isDiscovery } from '../../contract/run-summary.js';
import { impressionOf, UNREMARKABLE } from '../../model/feature-words.js';
import type { Report } from '../report.js';
import { dataTable } from './charts.js';
import { html, type Html } from '../../../../platform/page/html.js';
import { number, plural } from '../../../../platform/page/words.js';

/** More than a person compares at a glance; the table has all. */
const MOST_SHOWN = 8;
/** Of the training recordings lie within this many deviations around the mean: 99.7 %. */
const AXIS_DEVIATIONS = 3;

/** How the date's recordings differ from the model's training, where the run's summary says it. */
export function driftSection({ run }: Report): Html {
  const drift = 'missing' in run || !isDiscovery(run.summary) ? null : run.summary.drift;
  // Runs of an older worker say nothing of it.
  if (drift == null) return html``;
  if ('unavailable' in drift) {
    return html`<section aria-labelledby="drift">
      <h2 id="drift">Drift</h2>
      <p class="soft">Not known: ${drift.unavailable}</p>
    </section>`;
  }
  const { most_drifted: features, scored_by: models } = drift;
  if (drift.model_name === null || drift.model_version === null) return html``;
  return html`<section aria-labelledby="drift">
    <h2 id="drift">Drift</h2>
    <p class="soft">
      ${plural(drift.drifted, 'feature')} of ${number(drift.features)} moved notably away from the recordings
      that ${drift.model_name} ${drift.model_version} was trained on, compared over
      ${plural(drift.recordings, 'recording')}. The scores of a run that drifted far are to be read with care.
      ${
        models.length > 1 ? html`The model changed meanwhile: ${models.map(sharesOf).join(', ')}.` : undefined
      }
    </p>
    ${features.length === 0 ? undefined : driftChart(features.slice(0, MOST_SHOWN))}
    ${dataTable(
      'Drift as a table',
      ['Feature', 'Distance', 'Mean', 'Deviation', 'Training mean', 'Training deviation'],
      features.map((found) => [
        found.feature,
        short(found.distance),
        short(found.mean),
        short(found.std),
        short(found.training_mean),
        short(found.training_std),
      ]),
    )}
  </section>`;
}

/** Each feature's distribution as a bar (mean and one deviation to each side) over the training's, which spans -1 to 1. */
function driftChart(features: DriftReport['most_drifted']): Html {
  const rows = features.map(({ feature, mean, std, training_mean: from, training_std: unit, distance }) => {
    const centre = unit > 0 ? (mean - from) / unit : 0;
    const spread = unit > 0 ? std / unit : 0;
    return { feature, centre, low: centre - spread, high: centre + spread, distance };
  });
  const reach = Math.max(AXIS_DEVIATIONS, ...rows.flatMap(({ low, high }) => [-low, high]));
  const x = (deviations: number): number => Number((((deviations + reach) / (2 * reach)) * 100).toFixed(2));
  return html`<table class="bars">
      <caption class="unseen">
        Features furthest from the training, in training deviations
      </caption>
      <thead class="unseen">
        <tr>
          <th scope="col">Feature</th>
          <th scope="col">Distance</th>
          <td></td>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ feature, centre, low, high, distance }) =>
            html`<tr>
              <th scope="row">${feature.replaceAll('_', ' ')}${meaning(feature, centre)}</th>
              <td class="number">${short(distance)}</td>
              <td class="bar" aria-hidden="true">
                <svg viewBox="0 0 100 10" preserveAspectRatio="none">
                  <rect class="track" width="100" height="10" />
                  <rect class="quiet" x="${x(-1)}" width="${Number((x(1) - x(-1)).toFixed(2))}" height="10" />
                  <rect
                    class="anomaly"
                    x="${x(low)}"
                    y="3"
                    width="${Math.max(0.6, Number((x(high) - x(low)).toFixed(2)))}"
                    height="4"
                  />
                </svg>
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
    <p class="soft">
      Grey: the training's mean and one deviation to each side. Coloured: the same of this date. Distance is
      in training deviations.
    </p>`;
}

function meaning(feature: string, centre: number): Html | undefined {
  const words = impressionOf(feature, centre).description;
  return words === UNREMARKABLE ? undefined : html`<small>${words}</small>`;
}

const sharesOf = (model: DriftModel): string =>
  `${model.model_name} ${model.model_version} scored ${number(model.recordings)}`;

const short = (value: number): string => String(Number(value.toPrecision(4)));
