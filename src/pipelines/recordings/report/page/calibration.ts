import { html, type Html } from '../../../../platform/page/html.js';
import { number, plural, share, type Clock } from '../../../../platform/page/words.js';
import type { Calibration } from '../../model/calibration/calibration-block.js';
import type { Report } from '../report.js';
import { barTable } from './charts.js';

/** Both thresholds of a calibrated model side by side, on the date's scores; nothing for any other model. */
export function calibrationSection({ results, calibrated }: Report, clock: Clock): Html | undefined {
  const { comparison } = results;
  if (comparison === null || calibrated === undefined) return undefined;
  const { name, version, threshold, calibration } = calibrated;
  const { recordings, flaggedBefore, flaggedNow } = comparison;
  const row = (label: string, limit: number, flagged: number) => ({
    label: html`${label}<small>threshold ${number(limit)}</small>`,
    value: flagged,
    kind: 'anomaly' as const,
    shown: `${number(flagged)} (${share(flagged, recordings)})`,
  });
  return html`<section aria-labelledby="calibration">
    <h2 id="calibration">Threshold before and after calibration</h2>
    <p class="soft">
      What each threshold flags of the ${plural(recordings, 'recording')} that ${name} has scored on this
      date, whichever was in use. ${setOn(calibration, clock)} ${judgedOn(calibration)}
    </p>
    ${barTable(
      'Flagged recordings by threshold',
      ['Version', 'Flagged'],
      [
        row(calibration.from_version, calibration.previous_threshold, flaggedBefore),
        row(version, threshold, flaggedNow),
      ],
    )}
  </section>`;
}

function setOn({ on, share: wish, set_on, calibrated_at }: Calibration, clock: Clock): string {
  const what =
    'labels' in on
      ? `${plural(set_on.recordings, 'normal recording')} of ${on.labels}`
      : 'verdicts' in on
        ? `${plural(set_on.recordings, 'result')} of ${on.test_date} that a person took for normal`
        : `${plural(set_on.recordings, 'result')} of ${on.test_date}, taken for normal`;
  const at = new Date(calibrated_at);
  const when = Number.isNaN(at.getTime()) ? '' : ` on ${clock.instant(at)}`;
  return `The new one was set for ${number(wish * 100)} % of ${what}${when}.`;
}

function judgedOn({ held_out: { before, now } }: Calibration): string {
  if (now.flagged === null || before.flagged === null) return '';
  const { found, of, low, high } = now.flagged;
  return `Of ${number(of)} held-out ones it flags ${number(found)} (95 %: ${number(low * 100)} to ${number(high * 100)} %), the one before ${number(before.flagged.found)}.`;
}
