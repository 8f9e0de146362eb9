import { OUTCOMES, type Outcome } from '../../contract/outcome.js';
import { niceSpanMs } from '../bins.js';
import { byFrequency } from '../../../../contract/reason-counts.js';
import { isDiscovery } from '../../contract/run-summary.js';
import type { Report } from '../report.js';
import { barTable, columnChart, dataTable, type Bar } from './charts.js';
import { html, type Html } from '../../../../platform/page/html.js';
import { number, plural, share, type Clock } from '../../../../platform/page/words.js';
import { FAILURE_WORDS } from './words.js';

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
