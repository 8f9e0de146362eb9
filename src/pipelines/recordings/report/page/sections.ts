import { OUTCOMES, type Outcome } from '../../contract/outcome.js';
import type { NightResults } from '../night-results.js';
import { niceSpanMs, niceStep } from '../bins.js';
import { byFrequency } from '../../../../contract/reason-counts.js';
import { isDiscovery } from '../../contract/run-summary.js';
import type { Report } from '../report.js';
import { barTable, columnChart, dataTable, type Bar } from './charts.js';
import { html, type Html } from './html.js';
import { FAILURE_WORDS, number, plural, share, type Clock } from './words.js';

const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  completed: 'scored, and the result durably written',
  skipped_existing: 'had a result already, or a twin in the batch',
  skipped_ineligible: 'the source row was gone, or no longer a candidate',
  failed_pre_inference: 'download, decoding or features failed; tried again, then dead-lettered',
  malformed: 'the message could not be read; deleted',
};
const OUTCOME_KINDS: Readonly<Partial<Record<Outcome, Bar['kind']>>> = {
  completed: 'normal',
  failed_pre_inference: 'anomaly',
  malformed: 'anomaly',
};

/** A name, and below it what it means. */
const explained = (name: string, meaning: string | undefined): Html =>
  html`${name}${meaning && html`<small>${meaning}</small>`}`;

export function outcomesSection({ run }: Report): Html {
  if ('missing' in run) {
    return html`<section aria-labelledby="outcomes">
      <h2 id="outcomes">Outcomes</h2>
      <p class="soft">Not known: ${run.missing}</p>
    </section>`;
  }
  const { outcomes } = run.summary;
  return html`<section aria-labelledby="outcomes">
    <h2 id="outcomes">Outcomes</h2>
    <p class="soft">
      How the run's deliveries ended. A recording that fails is delivered again, so it may count several
      times.
    </p>
    ${barTable(
      'Deliveries by outcome',
      ['Outcome', 'Deliveries'],
      OUTCOMES.map((outcome) => ({
        label: explained(outcome.replaceAll('_', ' '), OUTCOME_WORDS[outcome]),
        value: outcomes[outcome],
        kind: OUTCOME_KINDS[outcome] ?? 'quiet',
      })),
    )}
  </section>`;
}

export function failuresSection({ run }: Report): Html {
  const causes =
    'missing' in run ? [] : Object.entries(run.summary.failures ?? {}).sort(([, m], [, n]) => n - m);
  const none =
    'missing' in run ? `Not known: ${run.missing}` : 'No delivery failed before it could be scored.';
  return html`<section aria-labelledby="failures">
    <h2 id="failures">Failures by cause</h2>
    ${
      causes.length === 0
        ? html`<p class="soft">${none}</p>`
        : html`<p class="soft">Attempts that ended before scoring, by the class of their error.</p>
            ${barTable(
              'Failed attempts by cause',
              ['Cause', 'Attempts'],
              causes.map(([cause, value]) => ({
                label: explained(cause, FAILURE_WORDS[cause]),
                value,
                kind: 'anomaly',
              })),
            )}`
    }
  </section>`;
}

/** Rows of the date that the run could not send or did not take; nothing where there were none. */
export function leftOutSection({ run }: Report): Html | undefined {
  if ('missing' in run || !isDiscovery(run.summary)) return undefined;
  const { source_row_unusable: unusable, rows_passed_over: passedOver } = run.summary.discovery;
  const reasons = [
    ...byFrequency(unusable).map(([reason, rows]) => ({
      reason,
      rows,
      why: 'a candidate that cannot be queued',
    })),
    ...byFrequency(passedOver).map(([reason, rows]) => ({
      reason,
      rows,
      why: 'of the date, but no candidate',
    })),
  ];
  if (reasons.length === 0) return undefined;
  return html`<section aria-labelledby="left-out">
    <h2 id="left-out">Rows left out</h2>
    <p class="soft">
      The log names rows that cannot be queued as source_row_unusable, and some of the others as
      rows_passed_over.
    </p>
    ${barTable(
      'Rows left out by reason',
      ['Reason', 'Rows'],
      reasons.map(({ reason, rows, why }) => ({
        label: explained(reason.replaceAll('_', ' '), why),
        value: rows,
        kind: 'anomaly',
      })),
    )}
  </section>`;
}

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

function modelsTable(models: NightResults['models']): Html {
  return html`<p class="soft">
      Several models scored this date; their scores are not comparable, and the threshold above is the first
      one's.
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

/** Labels of a time axis that do not touch each other. */
const MOST_TIME_TICKS = 8;
const MINUTE_MS = 60_000;

export function throughputSection({ results, run }: Report, clock: Clock): Html {
  const { throughput } = results;
  if (throughput === null) return html``;
  const { bins, binMs, recordings } = throughput;
  const others = results.recordings - recordings;
  const tickMs = niceSpanMs(bins.length * binMs, MOST_TIME_TICKS);
  const perMinute = binMs / MINUTE_MS;
  const busiest = bins.reduce((most, bin) => (bin.recordings > most.recordings ? bin : most));
  const rate = (count: number): string => number(Math.round((count / perMinute) * 10) / 10);
  return html`<section aria-labelledby="throughput">
    <h2 id="throughput">Throughput</h2>
    <p class="soft">
      Recordings scored a minute, by when their result was
      written${'missing' in run ? undefined : ', in the last run'}.
      ${others > 0 ? `Not counted: ${plural(others, 'result')} written before or after it.` : undefined} Times
      are in ${clock.zone}.
    </p>
    ${columnChart({
      description: `${number(recordings)} recordings from ${clock.instant(bins[0]!.at)} to ${clock.instant(bins[bins.length - 1]!.at)}; the most, ${rate(busiest.recordings)} a minute, at ${clock.tick(busiest.at, binMs)}. The table below has the numbers.`,
      columns: bins.map(({ at, recordings: count }) => ({
        hint: `${clock.tick(at, binMs)}: ${plural(count, 'recording')}, ${rate(count)} a minute`,
        parts: [{ value: count / perMinute, kind: 'plain' }],
      })),
      ticks: bins.flatMap(({ at }, index) =>
        at.getTime() % tickMs === 0 ? [{ at: index, label: clock.tick(at, tickMs) }] : [],
      ),
      xTitle: clock.zone,
      yTitle: 'recordings a minute',
    })}
    ${dataTable(
      'Throughput as a table',
      ['From', 'Recordings', 'A minute'],
      bins.map(({ at, recordings: count }) => [clock.tick(at, binMs), number(count), rate(count)]),
    )}
  </section>`;
}

export function reasonsSection({ results }: Report): Html {
  const { reasons, anomalies } = results;
  return html`<section aria-labelledby="reasons">
    <h2 id="reasons">Why recordings stood out</h2>
    ${
      reasons.length === 0
        ? html`<p class="soft">No reasons were written for this date's anomalies.</p>`
        : html`<p class="soft">
              What drove the scores of ${plural(anomalies, 'anomaly', 'anomalies')}; one may have several
              reasons.
            </p>
            ${barTable(
              'Anomalies by reason',
              ['Reason', 'Anomalies'],
              reasons.map(({ description, recordings }) => ({
                label: description,
                value: recordings,
                kind: 'plain',
                shown: `${number(recordings)} (${share(recordings, anomalies)})`,
              })),
            )}`
    }
  </section>`;
}
