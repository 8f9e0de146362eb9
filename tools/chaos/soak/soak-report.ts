import { rounded } from '../report.js';
import { FLAT_BOUNDS, SERIES, type Sample, type Series } from './sample.js';
import { trendOf, type Trend } from './trend.js';

export interface SoakReport {
  command: string;
  minutes: number;
  records: number;
  faults_injected: number;
  csv_rows: number;
  results: number;
  lost: number;
  doubled: number;
  wrong: number;
  complaints: string[];
  /** Of the time after the warm-up. */
  trends: Record<Series, Trend>;
  samples: Sample[];
}

/** Heaps, caches and connection pools fill up in this share of the time. */
const WARM_UP_SHARE = 1 / 4;

export function trendsOf(samples: readonly Sample[]): Record<Series, Trend> {
  const from = (samples.at(-1)?.at_seconds ?? 0) * WARM_UP_SHARE;
  const warm = samples.filter(({ at_seconds: at }) => at >= from);
  return Object.fromEntries(
    SERIES.map((series) => [
      series,
      trendOf(
        warm.map((sample) => ({ atSeconds: sample.at_seconds, value: sample[series] })),
        FLAT_BOUNDS[series],
      ),
    ]),
  ) as Record<Series, Trend>;
}

export const notFlat = ({ trends }: SoakReport): Series[] =>
  SERIES.filter((series) => !trends[series].isFlat);

/** Rows of the committed table, at the most. */
const SHOWN_SAMPLES = 60;

export function describeSoak(report: SoakReport): string {
  const bad = notFlat(report);
  const every = Math.max(1, Math.ceil(report.samples.length / SHOWN_SAMPLES));
  const shown = report.samples.filter((_, index) => index % every === 0);
  return [
    `# A soak of ${report.minutes} minutes`,
    '',
    '```bash',
    report.command,
    '```',
    '',
    `${report.records} records came steadily, ${report.faults_injected} faults now and then; ${report.csv_rows} CSV rows, ${report.results} results.`,
    '',
    `**${bad.length === 0 ? 'Flat' : `Not flat: ${bad.join(', ')}`}; lost ${report.lost}, doubled ${report.doubled}, wrong ${report.wrong}.**`,
    '',
    "The slope is Theil and Sen's (the median of the slopes of all pairs of samples) after a quarter of the time as warm-up; a",
    'series is flat when over the watched time the slope adds, or its peaks grow by, less than a tenth or a quarter of its median,',
    'or a small amount.',
    '',
    '| series | median | most | slope an hour | verdict |',
    '| --- | --- | --- | --- | --- |',
    ...SERIES.map((series) => {
      const { median, most, perHour, isFlat } = report.trends[series];
      return `| \`${series}\` | ${rounded(median)} | ${rounded(most)} | ${rounded(perHour)} | ${isFlat ? 'flat' : '**not flat**'} |`;
    }),
    '',
    `## Samples${every === 1 ? '' : `, every ${every}th`}`,
    '',
    `| at s | ${SERIES.join(' | ')} |`,
    `| --- | ${SERIES.map(() => '---').join(' | ')} |`,
    ...shown.map(
      (sample) => `| ${sample.at_seconds} | ${SERIES.map((series) => sample[series]).join(' | ')} |`,
    ),
    '',
  ].join('\n');
}
